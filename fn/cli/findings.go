package cli

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// printFindings prints findings on standard error and counts them where there are several.
func printFindings(process *Process, findings diag.List, texts map[string][]byte) {
	if err := diag.Text(process.Stderr, findings, linesOf(texts)); err != nil {
		return
	}
	if counts := findings.Counts(); counts.Errors+counts.Warnings > 1 {
		_, _ = fmt.Fprintf(process.Stderr, "%s, %s\n", counted(counts.Errors, "error"), counted(counts.Warnings, "warning"))
	}
}

// severe reports whether a finding is at least as severe as the user wants the run to fail on.
func severe(findings diag.List, failOn string) (bool, error) {
	var least diag.Severity
	if err := least.UnmarshalText([]byte(failOn)); err != nil {
		return false, usageError{fmt.Errorf("--fail-on is %q; allowed: error, warning, info", failOn)}
	}
	return slices.ContainsFunc(findings, func(f diag.Finding) bool { return f.Severity <= least }), nil
}

func counted(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// linesOf gives the lines of the files that were read.
func linesOf(texts map[string][]byte) diag.Lines {
	ends := map[string][]int{} // of the lines of a file, found when the first of them is asked for
	return func(file string, line int) (string, bool) {
		text, ok := texts[file]
		if !ok {
			return "", false
		}
		if ends[file] == nil {
			ends[file] = endsOf(text)
		}
		if line < 1 || line > len(ends[file]) {
			return "", false
		}
		start := 0
		if line > 1 {
			start = ends[file][line-2] + 1
		}
		if diag.Confidential(text, start) {
			return "", false
		}
		text = text[start:ends[file][line-1]]
		return string(bytes.TrimPrefix(bytes.TrimSuffix(text, []byte("\r")), []byte("\ufeff"))), true
	}
}

// endsOf lists where the lines of a text end.
func endsOf(text []byte) []int {
	ends := make([]int, 0, bytes.Count(text, []byte("\n"))+1)
	for i, c := range text {
		if c == '\n' {
			ends = append(ends, i)
		}
	}
	return append(ends, len(text))
}
