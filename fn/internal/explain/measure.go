package explain

import (
	"maps"
	"reflect"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/manifest"
	"github.com/meshfn/meshfn/fn/internal/plan"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Renderer is what the explanation needs to know of rendering.
type Renderer struct {
	Render func(*plan.Plan) *manifest.Set
	// Rule says why a field has its value that no plan decides, "" where there is no such rule. The path is without
	// positions in lists.
	Rule func(kind, path string) string
}

// cause is somebody who decided something, and the leaves of the output that follow from it.
type cause struct {
	from   spec.Origin
	part   bool // of a value that was decided as a whole
	loose  bool // of something around what was changed
	place  place
	leaves []ref
}

// measurement says what became of everything in a plan. Nothing of it is written down anywhere: each thing in the plan
// is changed in turn, its part of the plan is rendered again, and what differs is what it became.
type measurement struct {
	objects   []written // as they are written, patches applied
	before    []written // without patches
	causes    []cause
	measured  map[diag.Resource]bool // objects that somebody asked for
	bySubject map[string][]*cause
}

// measure looks at the parts of a plan that somebody asked for.
func measure(planned *plan.Plan, renderer Renderer, wanted wanted) *measurement {
	m := &measurement{
		objects: readSet(renderer.Render(planned)), measured: map[diag.Resource]bool{}, bySubject: map[string][]*cause{},
	}
	bare := *planned
	bare.Patches = nil
	m.before = m.objects
	if len(planned.Patches) > 0 {
		m.before = readSet(renderer.Render(&bare))
	}
	known := make(map[diag.Resource]int, len(m.before))
	for i := range m.before {
		known[m.before[i].resource] = i
	}
	for _, part := range partsOf(&bare) {
		f := &finder{plan: planned, seen: map[sight]bool{}}
		part.find(f)
		base := readSet(renderer.Render(&part.plan))
		if !wanted.any(f.spots, base) {
			continue
		}
		for i := range base {
			m.measured[base[i].resource] = true
		}
		for _, c := range group(f.spots) {
			for r := range part.became(c, f.spots, base, renderer) {
				c.leaves = append(c.leaves, ref{known[base[r.object].resource], r.path})
			}
			m.causes = append(m.causes, c.cause)
		}
	}
	m.tighten()
	for i := range m.causes {
		c := &m.causes[i]
		m.bySubject[c.place.subject] = append(m.bySubject[c.place.subject], c)
	}
	return m
}

// wanted is what somebody asked for: Services and workloads by name, and objects.
type wanted struct {
	subjects map[string]bool
	objects  func(diag.Resource) bool // nil for everything
}

func (w wanted) any(spots []spot, objects []written) bool {
	return w.objects == nil ||
		slices.ContainsFunc(spots, func(s spot) bool { return w.subjects[s.place.subject] }) ||
		slices.ContainsFunc(objects, func(o written) bool { return w.objects(o.resource) })
}

// tighten takes fields from what only belongs to something around them, where somebody decided them. A structural answer
// such as whether a port is the only one moves everything that is written for it.
func (m *measurement) tighten() {
	decided := map[ref]bool{}
	for i := range m.causes {
		for _, r := range m.causes[i].leaves {
			decided[r] = decided[r] || !m.causes[i].loose
		}
	}
	for i := range m.causes {
		if c := &m.causes[i]; c.loose {
			c.leaves = slices.DeleteFunc(c.leaves, func(r ref) bool { return decided[r] })
		}
	}
}

// part is a piece of a plan that can be rendered alone: one pod, one Service, one entry.
type part struct {
	plan plan.Plan
	own  reflect.Value // the piece
	all  []int         // fields of the plan that take part in everything, such as names
}

// partsOf takes a plan apart. The parts share the memory of the plan.
func partsOf(whole *plan.Plan) []*part {
	from := reflect.ValueOf(whole).Elem()
	var all, lists []int
	for i := range from.NumField() {
		switch field := from.Field(i); {
		case ofPlan(field.Type()):
			all = append(all, i)
		case field.Kind() == reflect.Slice && field.Type() != reflect.TypeFor[[]plan.Skipped]():
			lists = append(lists, i)
		}
	}
	var parts []*part
	for _, list := range lists {
		for i := range from.Field(list).Len() {
			parts = append(parts, onePart(from, all, list, i))
		}
	}
	return parts
}

// onePart is a plan with one entry of one list, and with what takes part in everything.
func onePart(from reflect.Value, all []int, list, i int) *part {
	p := &part{all: all}
	to := reflect.ValueOf(&p.plan).Elem()
	for _, field := range all {
		to.Field(field).Set(from.Field(field))
	}
	to.Field(list).Set(from.Field(list).Slice(i, i+1))
	p.own = to.Field(list).Index(0)
	return p
}

func (p *part) find(f *finder) {
	v := reflect.ValueOf(&p.plan).Elem()
	f.find(p.own, p.own.Type().Name(), spec.Origin{}, place{})
	at := f.about(p.own, place{})
	for _, field := range p.all {
		f.find(v.Field(field), v.Type().Field(field).Name, spec.Origin{}, at)
	}
}

// decision is all spots that one cause decided.
type decision struct {
	cause
	spots []*spot
}

// group puts together what the same line decided about the same port.
func group(spots []spot) []*decision {
	type key struct {
		layer         spec.Layer
		setting, note string
		at            diag.Source
		place         place
		loose         bool
	}
	var order []*decision
	known := map[key]*decision{}
	for i := range spots {
		s := &spots[i]
		k := key{s.by.Layer, s.by.Setting, s.by.Note, s.by.At, s.place, s.loose}
		if known[k] == nil {
			by := s.by
			if by.Layer == spec.BuiltIn && by.Computed == nil && s.around.At.Field != "" {
				by.Computed = &spec.Inputs{Asked: s.around}
			}
			known[k] = &decision{cause: cause{from: by, part: s.part, loose: s.loose, place: s.place}}
			order = append(order, known[k])
		}
		known[k].spots = append(known[k].spots, s)
	}
	return order
}

// became is what differs when a decision is another one. Ports that are treated alike are written once, and are written
// apart as soon as one of them is changed; so what counts is only what differs as well when all that is alike is changed
// together.
func (p *part) became(d *decision, all []spot, base []written, renderer Renderer) map[ref]bool {
	alike := map[[2]string]bool{}
	for _, s := range d.spots {
		alike[[2]string{s.path, s.text}] = true
	}
	var together []*spot
	for i := range all {
		if alike[[2]string{all[i].path, all[i].text}] {
			together = append(together, &all[i])
		}
	}
	for _, unset := range []bool{false, true} {
		found := p.differing(d.spots, unset, base, renderer)
		if len(found) > 0 && len(together) > len(d.spots) {
			both := p.differing(together, unset, base, renderer)
			maps.DeleteFunc(found, func(r ref, _ bool) bool { return !both[r] })
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

func (p *part) differing(spots []*spot, unset bool, base []written, renderer Renderer) map[ref]bool {
	if unset {
		spots = slices.DeleteFunc(slices.Clone(spots), func(s *spot) bool { return !s.whole.IsValid() })
	}
	var found map[ref]bool
	with(spots, unset, func() { found = differs(base, readSet(renderer.Render(&p.plan))) })
	return found
}
