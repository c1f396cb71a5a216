package transition

import (
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// exports finds Services that are shown to fewer namespaces while routes or callers of OLD in those need them: their proxies
// lose the cluster.
// https://istio.io/latest/docs/ops/configuration/mesh/configuration-scoping/#scoping-mechanisms
func (c *checker) exports() {
	for _, before := range c.old.Facts.Services {
		after := c.now.Service(before.Name, before.Namespace)
		if after == nil || slices.Equal(facts.ExportTo(before), facts.ExportTo(after)) { // What the mesh has as its default is a fact.
			continue
		}
		seen, sees := c.old.VisibleService(before), c.now.VisibleService(after)
		lost := func(namespace string) bool { return namespace != "" && seen.In(namespace) && !sees.In(namespace) }
		routed := func(d *destination) bool { return slices.ContainsFunc(c.proxiesOf(d), lost) }
		who, where := c.users(before, routed, func(one *call) bool {
			return one.name == before.Name && one.in == before.Namespace && lost(one.namespace)
		})
		if len(who) > 0 {
			c.hidden(after, before, who, where, sees)
		}
	}
}

// proxiesOf are the namespaces of the proxies that a route of OLD is for, as far as they are known.
func (c *checker) proxiesOf(d *destination) []string {
	if d.vs == nil {
		return nil
	}
	if atMesh(d.vs) {
		return []string{d.vs.Namespace}
	}
	var namespaces []string
	for _, gateway := range c.old.Gateways {
		if !bound(d.vs, gateway) {
			continue
		}
		for i := range c.old.Declared {
			if facts.Matches(gateway.Spec.GetSelector(), c.old.Declared[i].Selector) {
				namespaces = append(namespaces, c.old.Declared[i].Namespace)
			}
		}
		for _, pod := range c.old.Pods {
			if facts.Matches(gateway.Spec.GetSelector(), pod.Labels) {
				namespaces = append(namespaces, pod.Namespace)
			}
		}
	}
	return namespaces
}

func (c *checker) hidden(after, before *facts.Service, who []string, where []diag.Source, sees cluster.Visibility) {
	field := facts.ExportField()
	c.report(diag.Finding{
		Code: diag.ServiceHidden, Source: c.to.Located(after.Source(field)),
		Message: fmt.Sprintf("%s is no longer shown to the namespaces of %s, which calls it in the old build: proxies there lose it at once", subjectOf(after), strings.Join(who, ", ")),
		Because: []string{fmt.Sprintf("it is exported to %s", sees)},
		Related: append([]diag.Source{c.from.Located(before.Source(field))}, where...),
		Try: steps(
			"keep the namespaces in the annotation, and take the Service out of dependsOn, routes and code there",
			"once those pods are replaced, remove the namespaces",
		),
	})
}
