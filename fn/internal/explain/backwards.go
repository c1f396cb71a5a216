package explain

import (
	"cmp"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/plan"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// backwards lists every field that was written, with its causes.
func (m *measurement) backwards(planned *plan.Plan, renderer Renderer, out *Explanation) {
	b := &backward{out: out, known: map[string]int{}, patches: planned.Patches, rule: renderer.Rule}
	causes := map[ref][]*cause{}
	for i := range m.causes {
		for _, r := range m.causes[i].leaves {
			causes[r] = append(causes[r], &m.causes[i])
		}
	}
	for i := range m.objects {
		object := &m.objects[i]
		for _, l := range object.leaves {
			field := Field{Object: object.resource, Field: l.path, Value: l.value}
			if m.measured[object.resource] {
				field.Because = b.because(object, l.path, causes[ref{i, l.path}])
			}
			out.Fields = append(out.Fields, field)
		}
	}
}

type backward struct {
	out     *Explanation
	known   map[string]int
	patches []plan.Patch
	rule    func(kind, path string) string
}

// because lists the causes of a field, the nearest first.
func (b *backward) because(object *written, path string, causes []*cause) []int {
	var found []int
	if at, ok := patchOf(b.patches, object, path); ok {
		found = append(found, b.cause(Cause{From: spec.Origin{At: at}, Patch: true}))
	}
	for _, c := range causes {
		found = append(found, b.cause(Cause{From: c.from, Computed: c.from.Computed.All()}))
	}
	if len(found) == 0 {
		rule := Cause{Rule: b.rule(object.resource.Kind, pattern(path)), Computed: []spec.Origin{{At: object.from}}}
		found = append(found, b.cause(rule))
	}
	slices.SortFunc(found, func(x, y int) int { return nearer(&b.out.Causes[x], &b.out.Causes[y], x, y) })
	return slices.Compact(found)
}

// nearer puts patches first, then settings, then what is built in, then names and places.
func nearer(a, b *Cause, x, y int) int {
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(x, y))
}

func rank(c *Cause) int {
	switch {
	case c.Patch:
		return 0
	case c.From.Layer > spec.BuiltIn:
		return 1
	case c.From.Layer == spec.Unset:
		return 2
	}
	return 3
}

// cause gives a cause its position; the same one is kept once.
func (b *backward) cause(c Cause) int {
	key := keyOf(&c)
	if at, ok := b.known[key]; ok {
		return at
	}
	b.known[key] = len(b.out.Causes)
	b.out.Causes = append(b.out.Causes, c)
	return b.known[key]
}

func keyOf(c *Cause) string {
	parts := []string{c.From.Layer.String(), c.From.Setting, c.From.Note, c.From.At.String(), c.From.At.Field, c.Rule}
	for _, from := range c.Computed {
		parts = append(parts, from.At.String(), from.At.Field)
	}
	return strings.Join(parts, "\x00")
}
