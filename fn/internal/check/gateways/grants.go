package gateways

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// grants looks for the namespaces that ReferenceGrants let in.
func (c *checker) grants() {
	known := c.Namespaces()
	for _, grant := range c.ReferenceGrants() {
		var unknown []string
		place := ""
		for i, from := range grant.Spec.From {
			if from.Namespace == "" || slices.Contains(known, from.Namespace) {
				continue
			}
			field := diag.At("spec.from", i) + ".namespace"
			near := slices.IndexFunc(known, func(name string) bool { return diag.Slip(from.Namespace, name) })
			if near < 0 {
				unknown = append(unknown, from.Namespace)
				place = field
				continue
			}
			c.report(diag.Finding{
				Code: diag.GrantNamespace, Severity: diag.Warning, Source: grant.At(field),
				Message: fmt.Sprintf("the build has no namespace %q; it has: %s", from.Namespace, diag.OneOf(known)),
				Try:     known[near], Proposed: known[near],
			})
		}
		if len(unknown) > 0 {
			c.report(diag.Finding{
				Code: diag.GrantNamespace, Severity: diag.Info, Source: grant.At(place),
				Message: fmt.Sprintf("not checked: whether the namespaces that %s lets in (%s) exist; the build has nothing in them",
					grant.Resource, diag.OneOf(unknown)),
			})
		}
	}
}
