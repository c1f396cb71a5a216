package propose

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// writer writes lines of YAML.
type writer struct{ out *bytes.Buffer }

func (w *writer) line(text string) {
	w.out.WriteString(text)
	w.out.WriteByte('\n')
}

// entry writes a line with its comment behind it or, where that gets too long, above it.
func (w *writer) entry(text, why string) {
	why = printable(why)
	switch {
	case why == "":
		w.line(text)
	case len(text)+len(why)+4 <= width:
		w.line(text + "   # " + why)
	default:
		indent := text[:len(text)-len(strings.TrimLeft(text, " "))]
		for _, line := range wrapped(why, width-len(indent)-2) {
			w.line(indent + "# " + line)
		}
		w.line(text)
	}
}

// list writes remarks as comments, short ones on one line.
func (w *writer) list(title string, remarks []string, short bool) {
	if len(remarks) == 0 {
		return
	}
	w.line("")
	if short {
		for _, line := range wrapped(title+" "+printable(strings.Join(remarks, ", ")), width-2) {
			w.line("# " + line)
		}
		return
	}
	w.line("# " + title)
	for _, remark := range remarks {
		for i, line := range wrapped(printable(remark), width-4) {
			w.line("# " + [2]string{"- ", "  "}[min(i, 1)] + line)
		}
	}
}

// wrapped breaks a text into lines.
func wrapped(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}

// printable keeps a comment one: a name of the build may hold anything.
func printable(text string) string {
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
	const longest = 4000
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest], "") + " …"
	}
	return text
}

var (
	unquoted = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9./-]*(:[A-Za-z0-9][A-Za-z0-9-]*)?$|^[a-z]+://[a-z0-9.-]+(:[0-9]+)?$`)
	special  = regexp.MustCompile(`^(?i:y|n|yes|no|on|off|true|false|null)$`)
)

// plain is a scalar, in quotes where YAML would read something else.
func plain(text string) string {
	if unquoted.MatchString(text) && !special.MatchString(text) {
		return text
	}
	return strconv.QuoteToASCII(text)
}
