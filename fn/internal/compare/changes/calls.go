package changes

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
)

// dependencies tells whom pods say that they call.
func (c *comparison) dependencies() {
	for _, subject := range c.meshedInBoth() {
		old, now := c.old.meshed(subject).DependsOn, c.new.meshed(subject).DependsOn
		before, after := c.callees(old), c.callees(now)
		if maps.Equal(before, after) && (old == nil) == (now == nil) {
			continue
		}
		change := Change{Effect: Calls, Setting: "dependsOn", Old: written(before), New: written(after)}
		var narrowed []string
		for _, callee := range slices.Sorted(maps.Keys(merge(before, after))) {
			was, did := before[callee]
			is, does := after[callee]
			switch {
			case !did:
				change.Gained = append(change.Gained, callee+in(is))
			case !does:
				change.Lost = append(change.Lost, callee+in(was))
			case was != is:
				narrowed = append(narrowed, fmt.Sprintf("what it calls of %s changes: %s → %s", callee, orAnything(was), orAnything(is)))
			}
			if did != does {
				c.calls = append(c.calls, Call{c.names.short(subject), callee, "dependency", does})
			}
		}
		change.Text = calling(old != nil, now != nil, &change, narrowed)
		c.tell(subject, "dependsOn")
		c.add(subject, c.decided(change, subject, "dependsOn"))
	}
}

func calling(said, says bool, change *Change, narrowed []string) string {
	gained, lost := strings.Join(change.Gained, ", "), strings.Join(change.Lost, ", ")
	switch {
	case !said:
		return "says whom it calls: " + orNobody(change.Gained) + " (dependsOn was not set)"
	case !says:
		return "does not say any more whom it calls (dependsOn was: " + orNobody(change.Lost) + ")"
	}
	var parts []string
	switch {
	case gained != "" && lost != "":
		parts = append(parts, "calls "+gained+" from now on, and "+lost+" no more")
	case gained != "":
		parts = append(parts, "calls "+gained+" from now on")
	case lost != "":
		parts = append(parts, "does not call "+lost+" any more")
	}
	return strings.Join(append(parts, narrowed...), "; ")
}

// written lists whom pods call in one line.
func written(callees map[string]string) string {
	var list []string
	for _, callee := range slices.Sorted(maps.Keys(callees)) {
		list = append(list, callee+in(callees[callee]))
	}
	return strings.Join(list, ", ")
}

// callees are whom pods call, as people call them, and what of them, "" for everything.
func (c *comparison) callees(dependencies []v1alpha1.Dependency) map[string]string {
	all := map[string][]string{}
	for i := range dependencies {
		name := c.callee(&dependencies[i])
		all[name] = append(all[name], strings.TrimSpace(methods(dependencies[i].Methods)+" "+paths(dependencies[i].Paths)))
	}
	return together(all)
}

// together writes the permissions of each name in one line. Who may everything may it whatever else is said.
func together(all map[string][]string) map[string]string {
	out := map[string]string{}
	for name, what := range all {
		slices.Sort(what)
		if what[0] == "" {
			what = what[:1]
		}
		out[name] = strings.Join(slices.Compact(what), ", or ")
	}
	return out
}

func (c *comparison) callee(in *v1alpha1.Dependency) string {
	name := in.Named
	switch {
	case in.External != nil:
		return *in.External
	case in.Service != nil:
		name = *in.Service
	}
	text := name
	if strings.Contains(name, ".") {
		text = c.names.short(subjectOf("Service", name))
	}
	if in.Port != nil {
		text += ":" + string(*in.Port)
	}
	return text
}

// edges notes the calls that begin or end with something that is new or gone.
func (c *comparison) edges(subject string, in *build, begin bool) {
	if meshed := in.meshed(subject); meshed != nil {
		for _, callee := range slices.Sorted(maps.Keys(c.callees(meshed.DependsOn))) {
			c.calls = append(c.calls, Call{c.names.short(subject), callee, "dependency", begin})
		}
	}
	allowed, _ := in.allowed(c, subject)
	for _, who := range slices.Sorted(maps.Keys(allowed)) {
		c.call(who, subject, "access", begin)
	}
}

func (c *comparison) call(who, subject, what string, begin bool) {
	c.calls = append(c.calls, Call{who, c.names.short(subject), what, begin})
}
