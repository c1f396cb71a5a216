package gateways

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// mixed finds Services whose calls inside the mesh are routed by a VirtualService and by a route of the Gateway API. Istio
// uses one of them, and does not say which.
// https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/#mesh-traffic
func (c *checker) mixed() {
	byHost := map[string]*virtualService{}
	for _, vs := range c.VirtualServices {
		if len(vs.Spec.Gateways) > 0 && !slices.Contains(vs.Spec.Gateways, "mesh") {
			continue
		}
		for _, host := range vs.Spec.Hosts {
			resolved := c.Resolve(host, vs.Namespace)
			byHost[resolved.Full] = vs
		}
	}
	for _, route := range c.Routes() {
		for i, parent := range route.Spec.Parents {
			if !parent.MeshParent() {
				continue
			}
			full := c.fullName(parent.Name, parent.Namespace, route.Namespace)
			vs := byHost[full]
			if vs == nil {
				continue
			}
			finding := diag.Finding{
				Code: diag.RoutesMixed, Severity: diag.Warning, Source: route.At(diag.At("spec.parentRefs", i)),
				Message: fmt.Sprintf("%s and %s both route calls to %s, and which one Istio uses is not defined", route.Resource, vs.Resource, full),
				Related: []diag.Source{vs.At("spec.hosts")},
				Try:     "keep one of the two",
			}
			if !vs.ByHand() {
				finding.Severity = diag.Error
				finding.Source, finding.Related = vs.At("spec"), []diag.Source{route.At(diag.At("spec.parentRefs", i))}
				finding.Try = "remove the " + route.Kind + ", or write manage: {VirtualService: false} for the Service to keep it"
			}
			c.report(finding)
		}
	}
}
