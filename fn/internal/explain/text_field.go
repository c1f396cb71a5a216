package explain

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Details prints all there is to say about single settings: the layers as a ladder, the highest first, with an arrow at
// the one that counts, and what the value became.
func Details(w io.Writer, lines []Line) error {
	var out bytes.Buffer
	for i := range lines {
		if i > 0 {
			_, _ = fmt.Fprintln(&out)
		}
		details(&out, &lines[i])
	}
	_, err := w.Write(out.Bytes())
	return err
}

func details(w io.Writer, line *Line) {
	if line.Unset != nil {
		_, _ = fmt.Fprintf(w, "%s: %s is not set\n", line.heading(), line.Field)
	} else {
		_, _ = fmt.Fprintf(w, "%s: %s is %s\n", line.heading(), line.Field, line.Value)
	}
	ladder(w, line)
	first := len(line.Ladder()) > 0
	for _, detail := range line.details(true) {
		if detail[0] == "overrode" || detail[0] == "value" { // The ladder shows it.
			continue
		}
		if first {
			_, _ = fmt.Fprintln(w)
			first = false
		}
		_, _ = fmt.Fprintf(w, "  %-8s  %s\n", detail[0], detail[1])
	}
}

func ladder(w io.Writer, line *Line) {
	rungs := line.Ladder()
	if len(rungs) == 0 {
		if line.Unset == nil {
			_, _ = fmt.Fprintf(w, "  %-8s  %s\n", "set by", from(line.From))
		} else {
			_, _ = fmt.Fprintf(w, "  %-8s  %s\n", "place", line.placeIn(spec.OwnEntry))
			_, _ = fmt.Fprintf(w, "  %-8s  %s\n", "without", cmp.Or(line.Unset.Default, "nothing is written for it"))
		}
		return
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table)
	for i := range rungs {
		rung := &rungs[i]
		arrow := "  "
		if rung.Wins {
			arrow = "=>"
		}
		_, _ = fmt.Fprintf(table, "  %s %s\t%s\n", arrow, rung.Layer, rung.says(line))
	}
	_ = table.Flush()
}

// says is the rest of a rung: the value and where it is, or where it could be.
func (r *Rung) says(line *Line) string {
	switch {
	case r.Layer == spec.BuiltIn && line.Unset != nil:
		return "-\t" + r.Value
	case r.Value == "" && r.Place == "":
		return "-"
	case r.Value == "":
		return "-\t(" + r.Place + ")"
	case r.At == (diag.Source{}):
		return r.Value
	}
	text := r.Value + "\t" + r.At.String()
	if r.Note != "" {
		text += " (" + r.Note + ")"
	}
	return text
}
