package explain

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Reasons is a field with its causes beside it, as it leaves in JSON.
type Reasons struct {
	Object  diag.Resource `json:"object"`
	Field   string        `json:"field"`
	Value   string        `json:"value"`
	Because []Cause       `json:"because"` // the nearest first
}

// Reasons looks up the causes of a field.
func (e *Explanation) Reasons(field *Field) Reasons {
	out := Reasons{Object: field.Object, Field: field.Field, Value: field.Value}
	for _, at := range field.Because {
		out.Because = append(out.Because, e.Causes[at])
	}
	return out
}

// Backwards prints fields of objects with their causes. Fields that differ only in positions and have the same value and
// causes are one.
func (e *Explanation) Backwards(w io.Writer, fields []Field) error {
	var out bytes.Buffer
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	last := diag.Resource{}
	for from := 0; from < len(fields); {
		together, rest := alike(fields[from:])
		if object := together[0].Object; object != last {
			if from > 0 {
				_, _ = fmt.Fprintln(table)
			}
			_, _ = fmt.Fprintln(table, object)
			last = object
		}
		var paths []string
		for i := range together {
			paths = append(paths, together[i].Field)
		}
		_, _ = fmt.Fprintf(table, "  %s = %s\n", collapsed(paths), together[0].Value)
		for _, at := range together[0].Because {
			e.Causes[at].print(table)
		}
		copy(fields[from+len(together):], rest)
		from += len(together)
	}
	_ = table.Flush()
	_, err := w.Write(out.Bytes())
	return err
}

// alike takes the fields that are shown with the first one.
func alike(fields []Field) (together, rest []Field) {
	first := &fields[0]
	for _, field := range fields {
		if field.Object == first.Object && pattern(field.Field) == pattern(first.Field) && field.Value == first.Value &&
			slices.Equal(field.Because, first.Because) {
			together = append(together, field)
		} else {
			rest = append(rest, field)
		}
	}
	return together, rest
}

func (c *Cause) print(w io.Writer) {
	for _, row := range c.rows() {
		_, _ = fmt.Fprintf(w, "      %s\t%s\t%s\n", row[0], row[1], row[2])
	}
}

// rows is what a cause says: who, where, and what is written there.
func (c *Cause) rows() [][3]string {
	var rows [][3]string
	add := func(who, where, what string) { rows = append(rows, [3]string{who, where, what}) }
	switch {
	case c.Rule != "":
		add("built in", "-", c.Rule)
	case c.From.Layer == spec.BuiltIn:
		add("built in", orDash(c.From.At), c.From.Note)
	case c.Patch:
		add("patch", c.From.At.String(), c.written())
	case c.From.Layer == spec.Unset:
		add(c.From.At.Resource.Kind, c.From.At.String(), c.written())
	default:
		add(c.From.Layer.String(), c.From.At.String(), c.written())
	}
	if c.From.Via != (diag.Source{}) {
		add("  "+c.From.Note, c.From.Via.String(), c.From.Via.Field)
	}
	if c.Changed != (diag.Source{}) {
		add("  set by an overlay", c.Changed.String(), "the file itself says otherwise, or nothing")
	}
	for _, before := range slices.Backward(c.From.Before()) {
		add("  over "+before.Layer.String(), orDash(before.At), before.Field+": "+before.Value)
	}
	for _, input := range c.Computed {
		add("  because of", orDash(input.At), input.At.Field)
	}
	return rows
}

func orDash(at diag.Source) string {
	if at == (diag.Source{}) {
		return "-"
	}
	return at.String()
}

// written is the field of the document and its value.
func (c *Cause) written() string {
	if c.Written == "" {
		return c.From.At.Field
	}
	return c.From.At.Field + ": " + c.Written
}
