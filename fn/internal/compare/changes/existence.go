package changes

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/explain"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// existence is told of what is new or gone, in place of its settings.
const existence = " existence"

// existence tells what is new and what is gone: Services, workloads and external hosts. What holds for something new is said
// in one line, because its settings do not change for anybody.
func (c *comparison) existence() {
	for _, subject := range c.subjects() {
		before, after := c.old.has(subject), c.new.has(subject)
		if before != after {
			c.tell(subject, existence)
		}
		switch {
		case before == after || c.behind(subject):
		case after:
			change := Change{Effect: New, Text: "new" + c.introduced(subject)}
			change.place(nil, c.new.entry(subject))
			c.add(subject, change)
			c.edges(subject, c.new, true)
		default:
			c.add(subject, Change{Effect: Gone, Text: "gone"})
			c.edges(subject, c.old, false)
		}
	}
}

// entry is the first line that somebody wrote for a subject alone, nil where nobody did.
func (b *build) entry(subject string) *explain.Line {
	for _, line := range b.lines[subject] {
		if line.From.Layer >= spec.OwnEntry && line.From.At != (diag.Source{}) {
			return line
		}
	}
	return nil
}

// subjects lists everything that either build has.
func (c *comparison) subjects() []string {
	all := map[string]bool{}
	for _, b := range []*build{c.old, c.new} {
		for subject := range b.services {
			all[subject] = true
		}
		for subject := range b.pods {
			all[subject] = true
		}
		for subject := range b.lines {
			all[subject] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// behind reports whether pods come and go with the Service in front of them, which is told instead.
func (c *comparison) behind(subject string) bool {
	about := c.about(subject)
	return about != subject && c.old.has(about) != c.new.has(about)
}

// about is whom people mean by the pods of a workload: the Service, where it has no others and they have no other Service.
func (c *comparison) about(subject string) string {
	old, before := c.old.service(subject)
	now, after := c.new.service(subject)
	switch {
	case before && after && old != now:
		return subject
	case after && now != "":
		return now
	case before && old != "":
		return old
	}
	return subject
}

// service is the one Service of the pods of a workload, "" where it is not the only one, or has other pods too.
func (b *build) service(subject string) (service string, ok bool) {
	pod := b.pods[subject]
	if pod == nil {
		return "", false
	}
	if len(pod.Services) != 1 || len(pod.Services[0].Workloads) != 1 {
		return "", true
	}
	return pod.Services[0].Item.Resource().String(), true
}

// introduced is what holds for something new.
func (c *comparison) introduced(subject string) string {
	var parts []string
	if in := c.new.meshed(subject); in != nil && in.Mesh != nil {
		switch {
		case in.Sidecar != nil && *in.Sidecar:
			parts = append(parts, "with a sidecar")
		case in.Sidecar != nil:
			parts = append(parts, "without a sidecar")
		}
		if in.MTLS != nil && *in.MTLS == cluster.StrictMTLS.String() {
			parts = append(parts, "plain text is refused")
		}
	}
	if allowed, restricted := c.new.allowed(c, subject); restricted {
		parts = append(parts, "who may call: "+orNobody(slices.Sorted(maps.Keys(allowed))))
	}
	var said []string
	for _, line := range c.new.lines[subject] {
		if line.From.Layer >= spec.OwnEntry && line.Skipped == "" && !causes(line.Field) {
			said = append(said, setting(line.Field, line.Port, c.portsOf(subject))+" "+shortened(line.Value))
		}
	}
	if len(said) > 0 {
		parts = append(parts, "with "+fold(slices.Compact(said)))
	}
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, "; ")
}

// causes reports whether a setting is told by what it causes.
func causes(field string) bool {
	return slices.ContainsFunc([]string{"sidecar", "callers", "dependsOn", "stage", "callersComplete", "manage"}, func(name string) bool {
		return diag.Within(field, name)
	}) || strings.HasPrefix(field, "expose.") && strings.HasSuffix(field, ".hosts")
}

// setting is a field, with its port where it is one of several.
func setting(field, port string, of int) string {
	if port == "" || of < 2 {
		return field
	}
	return fmt.Sprintf("%s of port %s", field, port)
}
