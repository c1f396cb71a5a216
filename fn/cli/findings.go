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
	return func(file string, line int) (string, bool) {
		text, ok := texts[file]
		if !ok {
			return "", false
		}
		for n := 1; ; n++ {
			end := bytes.IndexByte(text, '\n')
			if n == line {
				if end >= 0 {
					text = text[:end]
				}
				return string(bytes.TrimPrefix(bytes.TrimSuffix(text, []byte("\r")), []byte("\ufeff"))), true
			}
			if end < 0 {
				return "", false
			}
			text = text[end+1:]
		}
	}
}
