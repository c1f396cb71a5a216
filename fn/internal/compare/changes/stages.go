package changes

import (
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
)

// stages tells how far somebody has come on the way into the mesh, and which Mesh covers them. What pods accept follows the
// stage, and is then told with it.
func (c *comparison) stages() {
	follows := map[string][]int{}
	for i := range c.found {
		if c.found[i].Effect == MTLS && c.found[i].Setting == "mutual TLS" {
			about := c.found[i].Subjects[0].Name
			follows[about] = append(follows[about], i)
		}
	}
	told := map[int]bool{}
	for _, subject := range c.meshedInBoth() {
		old, now := c.old.meshed(subject), c.new.meshed(subject)
		c.covered(subject, old, now)
		before, after := word(old.Stage), word(now.Stage)
		if before == after || before == "" || after == "" {
			continue
		}
		change := Change{Effect: Stage, Setting: "stage", Old: before, New: after, Text: "stage " + before + " → " + after}
		for _, i := range follows[subject] {
			change.Text, told[i] = change.Text+": "+c.found[i].Text, true
		}
		c.tell(subject, "stage")
		c.add(subject, c.decided(change, subject, "stage"))
	}
	var rest []Change
	for i := range c.found {
		if !told[i] {
			rest = append(rest, c.found[i])
		}
	}
	c.found = rest
}

// meshedInBoth lists the Services and workloads of which both catalogues speak.
func (c *comparison) meshedInBoth() []string {
	all := slices.Concat(slices.Collect(maps.Keys(c.new.services)), slices.Collect(maps.Keys(c.new.workloads)))
	slices.Sort(all)
	return slices.DeleteFunc(all, func(subject string) bool { return c.old.meshed(subject) == nil })
}

// covered tells which Mesh covers somebody from now on.
func (c *comparison) covered(subject string, old, now *v1alpha1.CatalogWorkload) {
	before, after := word(old.Mesh), word(now.Mesh)
	if before == after {
		return
	}
	change := Change{Effect: InMesh, Setting: "Mesh", Old: before, New: after}
	switch {
	case before == "":
		change.Text = "is covered by Mesh " + after + " from now on, and by the built-in defaults"
		if stage := word(now.Stage); stage != "" {
			change.Text += " (stage " + stage + ")"
		}
		c.tell(subject, "stage", "built-in")
	case after == "":
		change.Text = "is covered by no Mesh any more (it was " + before + ")"
		c.tell(subject, "stage", "built-in")
	default:
		change.Text = "is covered by Mesh " + after + " (it was " + before + ")"
	}
	c.add(subject, change)
}

func word[T ~string](value *T) string {
	if value == nil {
		return ""
	}
	return string(*value)
}

func orNobody(list []string) string {
	if len(list) == 0 {
		return "nobody"
	}
	return strings.Join(list, ", ")
}
