package compare

import (
	"fmt"
	"io"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Text prints a comparison for people: what changes for whom, the objects, and last what is unsafe.
func Text(w io.Writer, c *Comparison, lines diag.Lines) error {
	var out strings.Builder
	subject := ""
	for _, change := range c.Changes {
		if change.Subject != subject {
			subject = change.Subject
			_, _ = fmt.Fprintln(&out, subject)
		}
		_, _ = fmt.Fprintln(&out, "  "+change.Text)
	}
	for _, object := range c.Objects {
		_, _ = fmt.Fprintf(&out, "\n%s\n", object.Diff)
	}
	if _, err := io.WriteString(w, out.String()); err != nil {
		return err
	}
	return diag.Text(w, c.Findings, lines)
}
