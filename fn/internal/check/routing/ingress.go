package routing

import (
	"fmt"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// ingress finds routes of a gateway to a host whose subsets only the routes inside the mesh know: a gateway does not use
// them.
// https://istio.io/latest/docs/ops/common-problems/network-issues/#route-rules-have-no-effect-on-ingress-gateway-requests
func (c *checker) ingress() {
	bySubset := c.routedBySubset()
	for _, vs := range c.VirtualServices {
		if len(gatewaysOf(vs)) == 0 {
			continue
		}
		for _, to := range destinations(vs.Spec) {
			if !strings.HasPrefix(to.field, "spec.http") || to.Destination == nil || to.GetSubset() != "" {
				continue
			}
			inside := bySubset[c.host(to.GetHost(), vs.Namespace).Full]
			if inside == nil || inside == vs {
				continue
			}
			c.report(diag.Finding{
				Code: diag.IngressIgnoresSubsets, Severity: diag.Warning, Source: vs.At(to.field),
				Message: fmt.Sprintf("%s sends calls from a gateway to all pods of %q; the subsets that %s chooses hold only inside the mesh",
					vs.Resource, to.GetHost(), inside.Resource),
				Related: []diag.Source{inside.At("spec.http")},
				Try:     "repeat its subsets and weights here",
			})
		}
	}
}

// routedBySubset finds the VirtualServices that choose subsets of their own host for callers inside the mesh.
func (c *checker) routedBySubset() map[string]*virtualService {
	found := map[string]*virtualService{}
	for _, vs := range c.VirtualServices {
		if !inMesh(vs) {
			continue
		}
		own := map[string]bool{}
		for _, text := range vs.Spec.Hosts {
			own[c.host(text, vs.Namespace).Full] = true
		}
		for _, to := range destinations(vs.Spec) {
			if full := c.host(to.GetHost(), vs.Namespace).Full; to.GetSubset() != "" && own[full] && found[full] == nil {
				found[full] = vs
			}
		}
	}
	return found
}
