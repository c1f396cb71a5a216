package explain

import (
	"cmp"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/plan"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// became lists the fields that follow from a line.
func (m *measurement) became(planned *plan.Plan, line *Line) []Became {
	found := m.refs(line)
	out := make([]Became, 0, len(found))
	for r, follows := range found {
		out = append(out, m.field(planned, r, follows))
	}
	slices.SortFunc(out, func(a, b Became) int {
		return cmp.Or(
			cmp.Compare(order(a.Object.Kind), order(b.Object.Kind)), cmp.Compare(a.Object.Kind, b.Object.Kind),
			cmp.Compare(a.Object.Namespace, b.Object.Namespace), cmp.Compare(a.Object.Name, b.Object.Name),
			naturally(a.Field, b.Field),
		)
	})
	if len(out) == 0 {
		return nil
	}
	return out
}

// refs finds the fields that follow from a line; true where the field is another setting's.
func (m *measurement) refs(line *Line) map[ref]bool {
	found := map[ref]bool{}
	for _, c := range m.about(line) {
		direct, key := c.decides(line)
		if !c.concerns(line) || !direct && !c.follows(line) {
			continue
		}
		for _, r := range c.leaves {
			if follows, ok := found[r]; holdsKey(r.path, key) && (!ok || follows) {
				found[r] = !direct
			}
		}
	}
	return found
}

// holdsKey reports whether a path goes through the first key of another one.
func holdsKey(path, rest string) bool {
	keys, _ := diag.Split(strings.TrimPrefix(rest, "."))
	steps, _ := diag.Split(path)
	return len(keys) == 0 || slices.Contains(steps, keys[0])
}

func (m *measurement) field(planned *plan.Plan, r ref, follows bool) Became {
	before := &m.before[r.object]
	out := Became{Object: before.resource, Field: r.path, Follows: follows}
	out.Value, _ = before.value(r.path, 0)
	out.Patched, _ = patchOf(planned.Patches, before, r.path)
	return out
}

// concerns reports whether a cause is about the Service, port or pods of a line.
func (c *cause) concerns(line *Line) bool {
	if line.From.Setting == "" {
		return true // Its place is that of one Service.
	}
	if c.place.subject != line.Subject && !slices.Contains(line.pods, c.place.subject) {
		return false
	}
	return c.place.port == "" || line.Port == "" || c.place.port == line.Port
}

// decides reports whether a cause is the line itself. Of labels, which are decided together, key is the one of the line.
func (c *cause) decides(line *Line) (yes bool, key string) {
	if line.From.Setting != "" {
		if rest, ok := strings.CutPrefix(line.Field, c.from.Setting+"."); ok && c.from.Setting != "" {
			return true, rest // Tags, say, are decided together.
		}
		return c.from.Setting == line.Field && (c.part || sameOrigin(c.from, line.From) || c.entryOf(line)), ""
	}
	at, field := c.from.At, line.From.At.Field
	if at.Resource != line.From.At.Resource || at.File != line.From.At.File || at.Index != line.From.At.Index {
		return false, ""
	}
	if key, ok := strings.CutPrefix(field, at.Field); ok && strings.HasSuffix(at.Field, ".labels") {
		return true, key
	}
	return diag.Within(at.Field, field), ""
}

// follows reports whether what a cause decided was computed from the line.
func (c *cause) follows(line *Line) bool {
	if c.from.Computed == nil || line.From.Setting == "" {
		return false
	}
	return slices.ContainsFunc(c.from.Computed.Settings, func(from spec.Origin) bool {
		return from.Setting == line.Field && sameOrigin(from, line.From)
	})
}

func sameOrigin(a, b spec.Origin) bool {
	return a.Layer == b.Layer && a.At == b.At && a.Note == b.Note
}

// about lists the causes that a line can be among.
func (m *measurement) about(line *Line) []*cause {
	found := slices.Clone(m.bySubject[line.Subject])
	for _, pod := range line.pods {
		found = append(found, m.bySubject[pod]...)
	}
	if line.From.Setting == "" { // Hosts belong to the entries of gateways.
		found = append(found, m.bySubject[""]...)
	}
	return found
}

// builtIn lists the values that complete what was asked for and that somebody looks for in vain in the documents.
func (m *measurement) builtIn(planned *plan.Plan, resolved *spec.Spec, lines []Line) []Line {
	known := map[lineKey]bool{}
	for i := range lines {
		known[keyOfLine(&lines[i])] = true
	}
	var out []Line
	for _, about := range aboutOf(resolved) {
		for _, subject := range append([]string{about.Subject}, about.pods...) {
			for _, c := range m.bySubject[subject] {
				line := about
				line.Port, line.Field, line.From = c.place.port, c.from.Setting, c.from
				if !c.completes() || known[keyOfLine(&line)] {
					continue
				}
				known[keyOfLine(&line)] = true
				line.Computed = c.from.Computed.All()
				line.Became = m.became(planned, &line)
				line.Value = line.Became[0].Value
				out = append(out, line)
			}
		}
	}
	return out
}

// lineKey tells lines apart: a value may be computed in two ways, for reads and for writes.
type lineKey struct{ subject, port, field, note string }

func keyOfLine(line *Line) lineKey {
	return lineKey{line.Subject, line.Port, line.Field, line.From.Note}
}

// completes reports whether a cause is a value that nobody gave.
func (c *cause) completes() bool {
	return c.from.Layer == spec.BuiltIn && c.from.Computed != nil && c.from.Setting != "" && len(c.leaves) > 0
}

// aboutOf lists what lines can be about, as lines that say nothing yet.
func aboutOf(resolved *spec.Spec) []Line {
	var lines []Line
	for i := range resolved.Services {
		service := &resolved.Services[i]
		lines = append(lines, Line{
			Subject: service.Facts.Item.Resource().String(), Former: service.Facts.PreviousNames, pods: podsOf(&service.Workload),
		})
	}
	for i := range resolved.Workloads {
		for _, template := range resolved.Workloads[i].Templates {
			lines = append(lines, Line{Subject: template.Item.Resource().String(), Former: template.PreviousNames})
		}
	}
	for i := range resolved.External {
		lines = append(lines, Line{Subject: resolved.External[i].Resource().String()})
	}
	return lines
}

// order puts what calls meet first: routes, then policies, then gateways, then pods.
func order(kind string) int {
	position := slices.Index([]string{"VirtualService", "DestinationRule", "Gateway"}, kind)
	if position < 0 {
		return 3
	}
	return position
}

// naturally compares paths with their positions as numbers, so that [10] comes after [9].
func naturally(a, b string) int {
	for a != "" && b != "" {
		left, right := digits(a), digits(b)
		if left > 0 && right > 0 {
			if c := cmp.Or(cmp.Compare(left, right), cmp.Compare(a[:left], b[:right])); c != 0 {
				return c
			}
			a, b = a[left:], b[right:]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

// digits is how many digits a text begins with.
func digits(text string) int { return len(text) - len(strings.TrimLeft(text, "0123456789")) }
