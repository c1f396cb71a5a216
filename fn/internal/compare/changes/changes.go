// Package changes says what is different for whom between two builds, in the words of the spec.
package changes

import (
	"github.com/meshfn/meshfn/fn/internal/compare/side"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Change is one thing that is different for one Service, workload or host.
type Change struct {
	Subject string      `json:"subject"`        // Service shop/web, Deployment shop/worker
	Port    string      `json:"port,omitempty"` // the port of a Service
	Setting string      `json:"setting"`        // in the words of the spec
	Old     string      `json:"old,omitempty"`  // "" where there was nothing
	New     string      `json:"new,omitempty"`  // "" where there is nothing any more
	Text    string      `json:"text"`           // as people say it: timeout 3s → 5s
	At      diag.Source `json:"at,omitzero"`    // where the new value is written; for what is gone, where the old one was
}

// Of lists what is different, by subject.
func Of(from, to *side.Side) []Change {
	type place struct{ subject, port, field string }
	before := map[place]string{}
	for i := range from.Lines {
		line := &from.Lines[i]
		before[place{line.Subject, line.Port, line.Field}] = line.Value
	}
	var out []Change
	for i := range to.Lines {
		line := &to.Lines[i]
		old := before[place{line.Subject, line.Port, line.Field}]
		if old != line.Value {
			out = append(out, Change{
				Subject: line.Subject, Port: line.Port, Setting: line.Field, Old: old, New: line.Value,
				Text: line.Field + " " + old + " → " + line.Value, At: line.From.At,
			})
		}
	}
	return out
}
