package explain

import "github.com/meshfn/meshfn/fn/internal/diag"

// entryOf reports whether a cause is one entry of the list that a line is.
func (c *cause) entryOf(line *Line) bool {
	at, list := c.from.At, line.From.At
	return c.from.Layer == line.From.Layer && at.Resource == list.Resource && at.File == list.File && at.Index == list.Index &&
		list.Field != "" && at.Field != list.Field && diag.Within(at.Field, list.Field)
}
