package diag

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// maxSourceLine is how much of a source line is shown; a minified document would flood the terminal.
const maxSourceLine = 160

// Lines gives the text of a line of an input file, without its line ending, and false when it is not known.
type Lines func(file string, line int) (string, bool)

// Text prints findings for people: one line that grep can use, then the source line with a caret, why, and the fix.
func Text(w io.Writer, findings List, lines Lines) error {
	out := bufio.NewWriter(w)
	plain := NewPlain(out)
	directory := NewDirectory()
	for _, finding := range findings {
		writeFinding(plain, finding, lines, directory)
	}
	return out.Flush()
}

func writeFinding(w io.Writer, f Finding, lines Lines, directory Directory) {
	message := f.Message
	if f.Source.Line == 0 {
		message = f.BesideField()
	}
	_, _ = fmt.Fprintf(w, "%s: %s: %s [%s]\n", OneLine(f.Source.String()), f.Severity, OneLine(message), directory.withAlso(f.Code))
	writeSnippet(w, f.Source, lines)
	for _, line := range f.Details() {
		_, _ = fmt.Fprintf(w, "  %s\n", strings.ReplaceAll(line, "\n", "\n       "))
	}
}

// BesideField is the message where the field stands beside it already.
func (f Finding) BesideField() string { return strings.TrimPrefix(f.Message, f.Source.Field+": ") }

func writeSnippet(w io.Writer, s Source, lines Lines) {
	if lines == nil || s.Line == 0 {
		return
	}
	text, ok := lines(s.File, s.Line)
	if !ok || utf8.RuneCountInString(text) > maxSourceLine || strings.ContainsFunc(text, acts) || !utf8.ValidString(text) {
		return
	}
	number := fmt.Sprintf("%d", s.Line)
	_, _ = fmt.Fprintf(w, "  %s | %s\n", number, strings.ReplaceAll(text, "\t", " "))
	if s.Column > 0 && s.Column <= len(text)+1 {
		_, _ = fmt.Fprintf(w, "  %s | %s^\n", strings.Repeat(" ", len(number)), strings.Repeat(" ", s.Column-1))
	}
}

// String is the place as editors and terminals understand it, or as much of it as is known.
func (s Source) String() string {
	var b strings.Builder
	switch {
	case s.File != "" && s.Line > 0:
		fmt.Fprintf(&b, "%s:%d:%d", s.File, s.Line, max(1, s.Column))
	case s.File != "":
		b.WriteString(s.File)
		if s.Resource.Kind != "" {
			b.WriteString(": " + s.Resource.String())
		}
	case s.Resource.Kind != "":
		b.WriteString(s.Resource.String())
	default:
		b.WriteString("input")
	}
	if s.Field != "" && s.Line == 0 {
		b.WriteString(": " + s.Field)
	}
	return b.String()
}
