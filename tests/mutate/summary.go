package main

import (
	"errors"
	"io"
	"slices"
	"strings"
)

// summary counts what became of the mutants.
type summary struct {
	reasons   map[string]string // of exceptions, by the key of their mutant
	used      map[string]bool
	noticed   int
	skipped   int
	excused   []string
	needless  []string
	survivors []string
}

func newSummary(reasons map[string]string) *summary {
	return &summary{reasons: reasons, used: map[string]bool{}}
}

// broken counts a mutant that does not compile, and says so.
func (s *summary) broken(why string) string {
	s.skipped++
	return "does not compile: " + why
}

// tried counts a mutant that a test noticed, or none did, and says so.
func (s *summary) tried(m *mutant, by string) string {
	reason, excepted := s.reasons[m.key()]
	s.used[m.key()] = true
	switch {
	case by != "" && excepted:
		s.needless = append(s.needless, m.String()+": "+by)
		fallthrough
	case by != "":
		s.noticed++
		return "noticed by " + by
	case excepted:
		s.excused = append(s.excused, m.String()+": "+reason)
		return "an exception: " + reason
	}
	s.survivors = append(s.survivors, m.key())
	return "NOTICED BY NO TEST"
}

// write writes what was counted; it is an error when something is left to do. Where not all mutants were tried, an
// exception without a mutant is none.
func (s *summary) write(out io.Writer, all bool) error {
	for key := range s.reasons {
		if all && !s.used[key] {
			s.needless = append(s.needless, key+": there is no such mutant that compiles")
		}
	}
	say(out, "\n%d mutants are noticed by a test, %d do not compile, %d are exceptions, %d survive\n",
		s.noticed, s.skipped, len(s.excused), len(s.survivors))
	section(out, "exceptions", s.excused)
	section(out, "exceptions that have no place on the list", s.needless)
	section(out, "survivors, which need a scenario", s.survivors)
	if len(s.survivors)+len(s.needless) > 0 {
		return errors.New("the tests do not notice every mutant, or the exceptions are not up to date")
	}
	return nil
}

func section(out io.Writer, title string, lines []string) {
	if len(lines) > 0 {
		say(out, "\n%s:\n  %s\n", title, strings.Join(slices.Sorted(slices.Values(lines)), "\n  "))
	}
}
