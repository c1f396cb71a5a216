package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

// result is what govulncheck says. https://pkg.go.dev/golang.org/x/vuln/internal/govulncheck
type result struct {
	goVersion string
	modified  string // of the database
	called    map[string][]string
	imported  map[string]bool // packages with a vulnerability that no call reaches
}

type message struct {
	Config *struct {
		GoVersion    string `json:"go_version"`
		LastModified string `json:"db_last_modified"`
	} `json:"config"`
	Finding *struct {
		OSV   string `json:"osv"`
		Fixed string `json:"fixed_version"`
		Trace []struct {
			Module, Version, Package, Function, Receiver string
		} `json:"trace"`
	} `json:"finding"`
}

// read takes apart the stream of messages.
func read(in io.Reader) (*result, error) {
	out := &result{called: map[string][]string{}, imported: map[string]bool{}}
	decoder := json.NewDecoder(in)
	for {
		var m message
		switch err := decoder.Decode(&m); {
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil:
			return nil, fmt.Errorf("read what govulncheck says: %w", err)
		case m.Config != nil:
			out.goVersion, out.modified = m.Config.GoVersion, m.Config.LastModified
		case m.Finding != nil && len(m.Finding.Trace) > 0 && m.Finding.Trace[0].Function != "":
			var calls []string
			for _, frame := range slices.Backward(m.Finding.Trace) {
				calls = append(calls, strings.TrimPrefix(frame.Package+"."+frame.Receiver+"."+frame.Function, "."))
			}
			at := m.Finding.Trace[0]
			if _, known := out.called[m.Finding.OSV]; !known {
				out.called[m.Finding.OSV] = append(calls, fmt.Sprintf("of %s %s, fixed in %s", at.Module, at.Version, m.Finding.Fixed))
			}
		case m.Finding != nil && len(m.Finding.Trace) > 0 && m.Finding.Trace[0].Package != "":
			out.imported[m.Finding.OSV] = true
		}
	}
}

// exception is a vulnerability that was looked at.
type exception struct {
	until  time.Time
	reason string
}

// readExceptions reads lines of "ID YYYY-MM-DD reason". After the day it has to be looked at again.
func readExceptions(path string) (map[string]exception, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	stated := map[string]exception{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, rest, _ := strings.Cut(line, " ")
		day, reason, _ := strings.Cut(rest, " ")
		until, err := time.Parse(time.DateOnly, day)
		if err != nil || !strings.HasPrefix(id, "GO-") || strings.TrimSpace(reason) == "" {
			return nil, fmt.Errorf("%s: %q is not of the form GO-2026-1234 2027-01-31 reason", path, line)
		}
		stated[id] = exception{until, reason}
	}
	return stated, lines.Err()
}

// judge prints what was found and fails for what nobody has stated a reason for, and for reasons that nobody needs any more.
func judge(w io.Writer, r *result, stated map[string]exception, now time.Time) error {
	if !strings.HasPrefix(r.goVersion, "go1.") || r.modified == "" {
		return fmt.Errorf("the standard library is %q and the database of %q: nothing can be said", r.goVersion, r.modified)
	}
	var problems []string
	for id, calls := range r.called {
		known, ok := stated[id]
		switch {
		case !ok:
			problems = append(problems, fmt.Sprintf("%s is called, see https://pkg.go.dev/vuln/%s\n  %s", id, id, strings.Join(calls, "\n  ")))
		case now.After(known.until):
			problems = append(problems, fmt.Sprintf("the exception for %s ended on %s", id, known.until.Format(time.DateOnly)))
		}
	}
	for id := range stated {
		if _, ok := r.called[id]; !ok {
			problems = append(problems, fmt.Sprintf("the exception for %s is of no use any more: remove it", id))
		}
	}
	_, _ = fmt.Fprintf(w, "vulncheck: %s, database of %s: %d called, of which %d have a stated reason; %d more in packages that are imported\n",
		r.goVersion, r.modified, len(r.called), len(stated), len(r.imported))
	slices.Sort(problems)
	if len(problems) > 0 {
		return errors.New(strings.Join(problems, "\n"))
	}
	return nil
}
