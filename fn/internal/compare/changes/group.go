package changes

import (
	"cmp"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// grouped tells what changes alike once: for the ports of a Service, and for everybody who has it from the same places.
func (c *comparison) grouped() []Change {
	known := map[string]int{}
	var all []Change
	for _, change := range c.found {
		key := change.key()
		at, ok := known[key]
		if !ok {
			known[key] = len(all)
			all = append(all, change)
			continue
		}
		all[at].Subjects = append(all[at].Subjects, change.Subjects...)
	}
	for i := range all {
		all[i].Subjects = c.merged(all[i].Subjects)
		all[i].Who = c.names.who(all[i].Subjects)
		if all[i].OldAt == all[i].At {
			all[i].OldAt = diag.Source{}
		}
		if all[i].At == (diag.Source{}) {
			all[i].At, all[i].OldAt = all[i].OldAt, diag.Source{}
		}
	}
	return all
}

// key is the same for what is told once. A place in the entry of a Service has the name of it, and so is told alone.
func (c *Change) key() string {
	return strings.Join([]string{
		string(c.Effect), c.Setting, c.Old, c.New, c.Text, c.Layer, c.OldLayer, c.At.String(), c.At.Field, c.OldAt.String(), c.OldAt.Field,
		strings.Join(c.Gained, "\x01"), strings.Join(c.Lost, "\x01"),
	}, "\x00")
}

// merged puts the ports of each subject together, and leaves them out where they are all that the Service has.
func (c *comparison) merged(subjects []Subject) []Subject {
	slices.SortStableFunc(subjects, func(a, b Subject) int { return cmp.Compare(a.Name, b.Name) })
	var out []Subject
	for _, subject := range subjects {
		if last := len(out) - 1; last >= 0 && out[last].Name == subject.Name {
			out[last].Ports = append(out[last].Ports, subject.Ports...)
			continue
		}
		subject.Ports = slices.Clone(subject.Ports)
		out = append(out, subject)
	}
	for i := range out {
		slices.Sort(out[i].Ports)
		out[i].Ports = slices.Compact(out[i].Ports)
		if len(out[i].Ports) >= c.portsOf(out[i].Name) {
			out[i].Ports = nil
		}
	}
	return out
}

// portsOf is how many ports a Service has, in whichever build it has more.
func (c *comparison) portsOf(subject string) int {
	count := 1
	for _, b := range []*build{c.old, c.new} {
		if service := b.services[subject]; service != nil {
			count = max(count, len(service.Ports))
		}
	}
	return count
}
