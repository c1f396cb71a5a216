package explain

import (
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Places goes through every place that the explanation names, so that they can be given lines.
func (e *Explanation) Places() func(yield func(*diag.Source) bool) {
	return func(yield func(*diag.Source) bool) {
		each := func(origin *spec.Origin) bool {
			if !yield(&origin.At) || !yield(&origin.Via) {
				return false
			}
			for i := range origin.Before() {
				if !yield(&origin.Before()[i].At) {
					return false
				}
			}
			return true
		}
		all := func(origins []spec.Origin) bool {
			for i := range origins {
				if !each(&origins[i]) {
					return false
				}
			}
			return true
		}
		for i := range e.Lines {
			line := &e.Lines[i]
			if !each(&line.From) || !all(line.Computed) {
				return
			}
			for j := range line.Became {
				if !yield(&line.Became[j].Patched) {
					return
				}
			}
		}
		for i := range e.Causes {
			if !each(&e.Causes[i].From) || !all(e.Causes[i].Computed) {
				return
			}
		}
	}
}

// Locate gives places the lines that only the files have. A place whose value an overlay changed keeps its field, and
// says where the other value is written: its line would mislead. Written is a value as it stands in its document.
func (e *Explanation) Locate(find func(diag.Source) (at diag.Source, changed bool), written func(diag.Source) string) {
	differently := map[diag.Source]diag.Source{}
	done := map[*diag.Source]bool{}
	for at := range e.Places() {
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
