package scope

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// exported is the list of namespaces that an object is for, and the place of each.
type exported struct {
	resource diag.Resource
	to       []string
	at       func(int) diag.Source
	known    bool // that the namespaces exist was found before, with the help of catalogues
}

func exportedBy(object *cluster.Meta, to []string) exported {
	return exported{object.Resource, to, func(i int) diag.Source { return object.At(diag.At("spec.exportTo", i)) }, !object.ByHand()}
}

// exports looks for the namespaces that objects are exported to.
func (c *checker) exports() {
	var list []exported
	for _, vs := range c.VirtualServices {
		list = append(list, exportedBy(vs.Meta, vs.Spec.ExportTo))
	}
	for _, rule := range c.DestinationRules {
		list = append(list, exportedBy(rule.Meta, rule.Spec.ExportTo))
	}
	for _, entry := range c.ServiceEntries {
		list = append(list, exportedBy(entry.Meta, entry.Spec.ExportTo))
	}
	for _, service := range c.Facts.Services {
		at := service.Source(facts.ExportField())
		list = append(list, exported{service.Item.Resource(), facts.ExportTo(service), func(int) diag.Source { return at }, false})
	}
	known := c.Namespaces()
	for _, object := range list {
		c.exportedTo(object, known)
	}
}

func (c *checker) exportedTo(object exported, known []string) {
	var unknown []string
	first := 0
	for i, to := range object.to {
		if to == "." || to == "*" || to == "~" || slices.Contains(known, to) {
			continue
		}
		near := slices.IndexFunc(known, func(name string) bool { return diag.Slip(to, name) })
		if near < 0 {
			if len(unknown) == 0 {
				first = i
			}
			unknown = append(unknown, to)
			continue
		}
		c.report(diag.Finding{
			Code: diag.ExportNamespace, Severity: diag.Warning, Source: object.at(i),
			Message: fmt.Sprintf("the build has no namespace %q; it has: %s", to, diag.OneOf(known)),
			Try:     known[near], Proposed: known[near],
		})
	}
	if len(unknown) > 0 && !object.known {
		c.report(diag.Finding{
			Code: diag.ExportNamespace, Severity: diag.Info, Source: object.at(first),
			Message: fmt.Sprintf("not checked: whether the namespaces that %s is exported to (%s) exist; the build has nothing in them",
				object.resource, diag.OneOf(unknown)),
		})
	}
}
