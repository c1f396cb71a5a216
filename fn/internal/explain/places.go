package explain

import (
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Places lists every place that the explanation names, so that they can be given lines.
func (e *Explanation) Places() []*diag.Source {
	var places []*diag.Source
	add := func(origins ...*spec.Origin) {
		for _, origin := range origins {
			places = append(places, &origin.At, &origin.Via)
			for i := range origin.Before() {
				places = append(places, &origin.Before()[i].At)
			}
		}
	}
	for i := range e.Lines {
		line := &e.Lines[i]
		add(&line.From)
		add(pointers(line.Computed)...)
		for j := range line.Became {
			places = append(places, &line.Became[j].Patched)
		}
	}
	for i := range e.Causes {
		add(&e.Causes[i].From)
		add(pointers(e.Causes[i].Computed)...)
	}
	return places
}

func pointers(origins []spec.Origin) []*spec.Origin {
	out := make([]*spec.Origin, 0, len(origins))
	for i := range origins {
		out = append(out, &origins[i])
	}
	return out
}

// Locate gives places the lines that only the files have. A place whose value an overlay changed keeps its field, and
// says where the other value is written: its line would mislead. Written is a value as it stands in its document.
func (e *Explanation) Locate(find func(diag.Source) (at diag.Source, changed bool), written func(diag.Source) string) {
	differently := map[diag.Source]diag.Source{}
	done := map[*diag.Source]bool{}
	for _, at := range e.Places() {
		if done[at] || *at == (diag.Source{}) { // A history is shared by the lines of several ports.
			continue
		}
		done[at] = true
		if better, changed := find(*at); changed {
			differently[*at] = better
		} else {
			*at = better
		}
	}
	for i := range e.Lines {
		e.Lines[i].Changed = differently[e.Lines[i].From.At]
	}
	for i := range e.Causes {
		cause := &e.Causes[i]
		cause.Changed, cause.Written = differently[cause.From.At], written(cause.From.At)
	}
}

// Add takes over what was said about another run of the same build.
func (e *Explanation) Add(other *Explanation) {
	offset := len(e.Causes)
	e.Lines, e.Causes = append(e.Lines, other.Lines...), append(e.Causes, other.Causes...)
	for _, field := range other.Fields {
		for i := range field.Because {
			field.Because[i] += offset
		}
		e.Fields = append(e.Fields, field)
	}
}
