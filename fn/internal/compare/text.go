package compare

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// mostLines is how many lines of diffs are printed. A terminal keeps no more, and JSON has all of them.
const mostLines = 600

// Text prints a comparison for people: what changes for whom, the objects, and last what is unsafe.
func Text(w io.Writer, c *Comparison, lines diag.Lines) error {
	var out strings.Builder
	_, _ = fmt.Fprintln(&out, printable(c.Summary()))
	c.changesText(&out)
	c.objectsText(&out)
	if note := c.rewritten(); note != "" {
		_, _ = fmt.Fprintf(&out, "\n%s\n", note)
	}
	if len(c.Findings) > 0 {
		_, _ = fmt.Fprintf(&out, "\nThe way from %s to %s:\n", printable(c.Old), printable(c.New))
	}
	if _, err := io.WriteString(w, out.String()); err != nil {
		return err
	}
	return diag.Text(w, c.Findings, lines)
}

func (c *Comparison) changesText(w io.Writer) {
	if len(c.Changes) == 0 {
		return
	}
	_, _ = fmt.Fprintln(w)
	for i := range c.Changes {
		change := &c.Changes[i]
		line := change.Who + ": " + change.Text
		if at := where(change); at != "" {
			line += "  [" + at + "]"
		}
		_, _ = fmt.Fprintln(w, printable(line))
	}
}

func (c *Comparison) objectsText(w io.Writer) {
	if len(c.Objects) == 0 {
		return
	}
	_, _ = fmt.Fprintln(w)
	for i := range c.Objects {
		object := &c.Objects[i]
		_, _ = fmt.Fprintf(w, "%-7s  %s  +%d -%d\n", object.What, printable(object.Resource.String()), object.Lines.Added, object.Lines.Removed)
	}
	printed := 0
	for i := range c.Objects {
		count := strings.Count(c.Objects[i].Diff, "\n")
		if printed += count; printed > mostLines && i > 0 {
			_, _ = fmt.Fprintf(w, "\nthe diffs of %s are left out; --format json has them\n", counted(len(c.Objects)-i, "object", "objects"))
			return
		}
		_, _ = fmt.Fprintf(w, "\n%s", printable(c.Objects[i].Diff))
	}
}

// printable keeps what comes from input from moving the cursor of a terminal or turning the text around.
func printable(text string) string {
	if !strings.ContainsFunc(text, moves) {
		return text
	}
	var out strings.Builder
	for _, r := range text {
		if moves(r) {
			out.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

func moves(r rune) bool {
	return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r))
}
