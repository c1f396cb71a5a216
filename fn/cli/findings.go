package cli

import (
	"bytes"
	"fmt"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// printFindings prints findings on standard error and counts them where there are several.
func printFindings(process *Process, findings diag.List, texts map[string][]byte) {
	if err := diag.Text(process.Stderr, findings, linesOf(texts)); err != nil {
		return
	}
	errors, warnings := 0, 0
	for _, finding := range findings {
		switch finding.Severity {
		case diag.Error:
			errors++
		case diag.Warning:
			warnings++
		case diag.Info:
		}
	}
	if errors+warnings > 1 {
		_, _ = fmt.Fprintf(process.Stderr, "%s, %s\n", counted(errors, "error"), counted(warnings, "warning"))
	}
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
