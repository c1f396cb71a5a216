package routing

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// ingress finds routes of a gateway to a host whose subsets only the routes inside the mesh know: a gateway does not use
// them.
// https://istio.io/latest/docs/ops/common-problems/network-issues/#route-rules-have-no-effect-on-ingress-gateway-requests
func (c *checker) ingress() {
	bySubset := map[string]*virtualService{}
	for _, vs := range c.VirtualServices {
		if !inMesh(vs) {
			continue
		}
		for _, text := range vs.Spec.Hosts {
			full := c.host(text, vs.Namespace).Full
			for _, to := range destinations(vs.Spec) {
				if to.GetSubset() != "" && c.host(to.GetHost(), vs.Namespace).Full == full && bySubset[full] == nil {
					bySubset[full] = vs
				}
			}
		}
	}
	for _, vs := range c.VirtualServices {
		if len(gatewaysOf(vs)) == 0 {
			continue
		}
		for i, route := range vs.Spec.Http {
			for j, to := range route.GetRoute() {
				inside := bySubset[c.host(to.GetDestination().GetHost(), vs.Namespace).Full]
				if to.GetDestination() == nil || to.GetDestination().GetSubset() != "" || inside == nil || inside == vs {
					continue
				}
				place := diag.At(diag.At("spec.http", i)+".route", j) + ".destination"
				c.report(diag.Finding{
					Code: diag.IngressIgnoresSubsets, Severity: diag.Warning, Source: vs.At(place),
					Message: fmt.Sprintf("%s sends calls from a gateway to all pods of %q; the subsets that %s chooses hold only inside the mesh",
						vs.Resource, to.GetDestination().GetHost(), inside.Resource),
					Related: []diag.Source{inside.At("spec.http")},
					Try:     "repeat its subsets and weights here",
				})
			}
		}
	}
}
