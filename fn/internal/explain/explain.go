// Package explain says for every resolved setting which layer set it, where, and what it became; and for every field that
// was written, who is the cause.
package explain

import (
	"cmp"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/plan"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Explanation is everything there is to say about one run.
type Explanation struct {
	Lines  []Line  `json:"lines,omitempty"`
	Fields []Field `json:"fields,omitempty"`
	Causes []Cause `json:"causes,omitempty"` // that Fields refer to, by position
}

// Line is one setting of one Service, port or workload.
type Line struct {
	Subject  string        `json:"subject"`          // Service shop/web, Deployment shop/worker
	Former   []string      `json:"former,omitempty"` // names the subject had before an overlay renamed it
	Port     string        `json:"port,omitempty"`
	Field    string        `json:"field"`
	Value    string        `json:"value"`
	From     spec.Origin   `json:"from"`
	Computed []spec.Origin `json:"computedFrom,omitempty"` // what a built-in value was computed from, or who asked for its block
	Skipped  string        `json:"skipped,omitempty"`      // why the setting does not hold here
	Became   []Became      `json:"became,omitempty"`
	Nothing  string        `json:"nothing,omitempty"` // why nothing is written for the setting, where it is not skipped
	Changed  diag.Source   `json:"changed,omitzero"`  // where the value is written that an overlay changed
	Unset    *Unset        `json:"unset,omitempty"`   // nobody set the field, and somebody asked for it
	Layers   []Rung        `json:"layers,omitempty"`  // the highest first; only where one field was asked for

	pods []string // the workloads whose pods a Service is about
}

// Unset is what holds where nobody says anything.
type Unset struct {
	Default string `json:"default,omitempty"` // as the reference has it
}

// Became is one field of one object that follows from a setting.
type Became struct {
	Object  diag.Resource `json:"object"`
	Field   string        `json:"field"`
	Value   string        `json:"value"`
	Follows bool          `json:"follows,omitempty"` // the field is another setting's, which was computed from this one
	Patched diag.Source   `json:"patched,omitzero"`  // the patch that replaces the field, or removes it
}

// Field is one field of an object that was generated or edited.
type Field struct {
	Object  diag.Resource `json:"object"`
	Field   string        `json:"field"`
	Value   string        `json:"value"`
	Because []int         `json:"because"` // the nearest cause first
}

// Cause is a reason for a field: a setting, another place in a document, or a rule that is built in.
type Cause struct {
	From     spec.Origin   `json:"from,omitzero"`
	Written  string        `json:"written,omitempty"` // the value as it stands at that place
	Rule     string        `json:"rule,omitempty"`
	Patch    bool          `json:"patch,omitempty"`
	Computed []spec.Origin `json:"computedFrom,omitempty"`
	Changed  diag.Source   `json:"changed,omitzero"` // where the value is written that an overlay changed
}

// List lists the settings of a run and where they come from, in the order of the build. Nothing is rendered for it, so what
// they became is not there, nor what completes them and is only known by that.
func List(resolved *spec.Spec, planned *plan.Plan) *Explanation {
	out := &Explanation{Lines: resolvedLines(resolved)}
	skips := skipsOf(planned)
	for i := range out.Lines {
		out.Lines[i].Skipped = skips.of(&out.Lines[i])
	}
	out.order(resolved)
	return out
}

// New explains a run, in the order of the build. What was not asked for is listed, and not measured; nil asks for all.
func New(resolved *spec.Spec, planned *plan.Plan, renderer Renderer, asked func(diag.Resource) bool) *Explanation {
	out := &Explanation{Lines: resolvedLines(resolved)}
	wanted := wanted{subjects: subjectsOf(resolved, asked), objects: asked}
	m := measure(planned, renderer, wanted)
	skips := skipsOf(planned)
	for i := range out.Lines {
		out.Lines[i].Skipped = skips.of(&out.Lines[i])
		if asked != nil && !wanted.subjects[out.Lines[i].Subject] {
			continue
		}
		out.Lines[i].Became = m.became(planned, &out.Lines[i])
		if len(out.Lines[i].Became) == 0 && out.Lines[i].Skipped == "" {
			out.Lines[i].Nothing = cmp.Or(nothingOutside(&out.Lines[i], out.Lines), m.nothing(&out.Lines[i], out.Lines))
		}
	}
	out.Lines = append(out.Lines, m.builtIn(planned, resolved, out.Lines)...)
	out.order(resolved)
	m.backwards(planned, renderer, out)
	return out
}

// subjectsOf lists the Services and workloads that were asked for, by their names now or before, and their pods.
func subjectsOf(resolved *spec.Spec, asked func(diag.Resource) bool) map[string]bool {
	found := map[string]bool{}
	means := func(resource diag.Resource, former []string) bool {
		return asked != nil && (asked(resource) || slices.ContainsFunc(former, func(name string) bool {
			resource.Name = name
			return asked(resource)
		}))
	}
	for i := range resolved.Services {
		service := &resolved.Services[i]
		if !means(service.Facts.Item.Resource(), service.Facts.PreviousNames) {
			continue
		}
		found[service.Facts.Item.Resource().String()] = true
		for _, pod := range podsOf(&service.Workload) {
			found[pod] = true
		}
	}
	for i := range resolved.Workloads {
		for _, template := range resolved.Workloads[i].Templates {
			found[template.Item.Resource().String()] = means(template.Item.Resource(), template.PreviousNames)
		}
	}
	for i := range resolved.External {
		if resource := resolved.External[i].Resource(); means(resource, nil) {
			found[resource.String()] = true
		}
	}
	return found
}

// order sorts the lines of a subject by port and field, and leaves the subjects in the order of the build.
func (e *Explanation) order(resolved *spec.Spec) {
	positions := map[place]int{}
	for _, at := range placesOf(resolved) {
		if _, ok := positions[at]; !ok {
			positions[at] = len(positions)
		}
	}
	slices.SortStableFunc(e.Lines, func(a, b Line) int {
		return cmp.Or(
			cmp.Compare(positions[place{a.Subject, a.Port}], positions[place{b.Subject, b.Port}]),
			cmp.Compare(a.Field, b.Field),
		)
	})
}

// placesOf lists what there can be lines about, in the order of the build.
func placesOf(resolved *spec.Spec) []place {
	var places []place
	for i := range resolved.Services {
		service := &resolved.Services[i]
		name := service.Facts.Item.Resource().String()
		places = append(places, place{subject: name})
		for j := range service.Ports {
			places = append(places, place{name, service.Ports[j].Facts.Key()})
		}
	}
	for i := range resolved.Workloads {
		for _, template := range resolved.Workloads[i].Templates {
			places = append(places, place{subject: template.Item.Resource().String()})
		}
	}
	for i := range resolved.External {
		at := placeOfExternal(&resolved.External[i])
		places = append(places, place{subject: at.subject}, at)
	}
	return places
}
