package diag

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxLine is how much of one line is printed. A name in a manifest can be as long as the manifest.
const maxLine = 8 << 10

// Printable is a text that cannot do more than be read: what would move the cursor, colour or reorder text is written out,
// and so is what a runner of CI takes for a command where it finds it in a log.
func Printable(text string) string {
	if strings.ContainsFunc(text, acts) || !utf8.ValidString(text) {
		text = written(text)
	}
	return inert(text)
}

// acts reports whether a character does something other than be seen. Those of the directions of writing can make a text
// look like another one, https://trojansource.codes.
func acts(r rune) bool {
	switch {
	case r == '\t':
		return false
	case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\u2028', r == '\u2029':
		return true
	}
	return false
}

// written writes these characters as a string of Go has them.
func written(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && size <= 1:
			fmt.Fprintf(&b, `\x%02x`, text[0])
		case acts(r):
			quoted := strconv.QuoteRuneToASCII(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		default:
			b.WriteString(text[:size])
		}
		text = text[size:]
	}
	return b.String()
}

// What runners look for: GitHub for ::name::value behind blanks at the beginning of a line and for ##[name] anywhere, Azure
// for ##vso[name] anywhere, TeamCity for ##teamcity[name].
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
// https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands
const (
	commandAnywhere = `##([A-Za-z]*)\[`
	commandAtStart  = "::"
)

// inert puts a backslash into what a runner would take for a command.
func inert(line string) string {
	if strings.Contains(line, "##") {
		line = regexp.MustCompile(commandAnywhere).ReplaceAllString(line, `##$1\[`)
	}
	if strings.HasPrefix(strings.TrimLeftFunc(line, unicode.IsSpace), commandAtStart) {
		line = strings.Replace(line, commandAtStart, `\`+commandAtStart, 1)
	}
	return line
}

// OneLine is a text that begins no other line, where one line is what stands for one thing.
func OneLine(text string) string {
	return Printable(strings.ReplaceAll(text, "\n", `\n`))
}

// Plain makes what is written to it printable, line by line. Flush writes a last line that has no end.
type Plain struct {
	w    io.Writer
	rest []byte
}

// NewPlain is in front of a terminal or a log.
func NewPlain(w io.Writer) *Plain { return &Plain{w: w} }

// Write takes text and keeps a line until it has an end.
func (p *Plain) Write(text []byte) (int, error) {
	p.rest = append(p.rest, text...)
	for {
		line, rest, complete := bytes.Cut(p.rest, []byte("\n"))
		if !complete {
			return len(text), nil
		}
		if _, err := io.WriteString(p.w, shortened(Printable(string(line)))+"\n"); err != nil {
			return 0, err
		}
		p.rest = rest
	}
}

// Flush writes what has no end.
func (p *Plain) Flush() error {
	line := shortened(Printable(string(p.rest)))
	p.rest = nil
	_, err := io.WriteString(p.w, line)
	return err
}

func shortened(line string) string {
	if len(line) <= maxLine {
		return line
	}
	return strings.ToValidUTF8(line[:maxLine], "") + fmt.Sprintf(" ... (%d more bytes)", len(line)-maxLine)
}
