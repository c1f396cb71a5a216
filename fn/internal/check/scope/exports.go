package scope

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// exports looks for the namespaces that objects are exported to.
func (c *checker) exports() {
	spaces := c.Namespaces()
	check := func(resource diag.Resource, exportTo []string, at func(int) diag.Source) {
		var unknown []string
		var first diag.Source
		for i, to := range exportTo {
			if to == "." || to == "*" || to == "~" || slices.Contains(spaces, to) {
				continue
			}
			near := slices.IndexFunc(spaces, func(name string) bool { return diag.Slip(to, name) })
			if near < 0 {
				if len(unknown) == 0 {
					first = at(i)
				}
				unknown = append(unknown, to)
				continue
			}
			c.report(diag.Finding{
				Code: diag.ExportNamespace, Severity: diag.Warning, Source: at(i),
				Message: fmt.Sprintf("the build has no namespace %q; it has: %s", to, diag.OneOf(spaces)),
				Try:     spaces[near], Proposed: spaces[near],
			})
		}
		if len(unknown) > 0 {
			c.report(diag.Finding{
				Code: diag.ExportNamespace, Severity: diag.Info, Source: first,
				Message: fmt.Sprintf("not checked: whether the namespaces that %s is exported to (%s) exist; the build has nothing in them",
					resource, diag.OneOf(unknown)),
			})
		}
	}
	entry := func(object *cluster.Meta) func(int) diag.Source {
		return func(i int) diag.Source { return object.At(diag.At("spec.exportTo", i)) }
	}
	for _, vs := range c.VirtualServices {
		check(vs.Resource, vs.Spec.ExportTo, entry(vs.Meta))
	}
	for _, dr := range c.DestinationRules {
		check(dr.Resource, dr.Spec.ExportTo, entry(dr.Meta))
	}
	for _, se := range c.ServiceEntries {
		check(se.Resource, se.Spec.ExportTo, entry(se.Meta))
	}
	for _, service := range c.Facts.Services {
		check(service.Item.Resource(), cluster.ExportTo(service), func(int) diag.Source { return service.Source(cluster.ExportField()) })
	}
}
