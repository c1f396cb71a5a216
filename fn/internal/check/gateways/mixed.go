package gateways

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/cluster"
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
			full := c.fullName(parent.Name, parent.Namespace, route.Namespace)
			if vs := byHost[full]; vs != nil && parent.MeshParent() {
				c.report(bothRoute(vs, route, full, diag.At("spec.parentRefs", i)))
			}
		}
	}
}

func bothRoute(vs *virtualService, route *cluster.Route, full, field string) diag.Finding {
	finding := diag.Finding{
		Code: diag.RoutesMixed, Severity: diag.Warning, Source: route.At(field),
		Message: fmt.Sprintf("%s and %s both route calls to %s, and which one Istio uses is not defined", route.Resource, vs.Resource, full),
		Related: []diag.Source{vs.At("spec.hosts")},
		Try:     "keep one of the two",
	}
	if !vs.ByHand() {
		finding.Severity = diag.Error
		finding.Source, finding.Related = vs.At("spec"), []diag.Source{route.At(field)}
		finding.Try = "remove the " + route.Kind + ", or write manage: {VirtualService: false} for the Service to keep it"
	}
	return finding
}
