package routing

import (
	"fmt"
	"strings"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// defaultRoutes finds Services some of whose calls match no route: as soon as one route holds for a port, Envoy answers 404
// to the calls of that port that no route takes.
// https://istio.io/latest/docs/ops/best-practices/traffic-management/#set-default-routes-for-services
func (c *checker) defaultRoutes() {
	for _, vs := range c.VirtualServices {
		if !inMesh(vs) || len(vs.Spec.Http) == 0 {
			continue
		}
		for _, text := range vs.Spec.Hosts {
			service := c.host(text, vs.Namespace).Service
			if service == nil {
				continue
			}
			if ports := withoutDefault(vs.Spec, service); len(ports) > 0 {
				c.report(diag.Finding{
					Code: diag.NoDefaultRoute, Severity: diag.Warning, Source: vs.At("spec.http"),
					Message: fmt.Sprintf("calls to port %s of Service %s/%s that match no route of %s get 404", strings.Join(ports, ", "), service.Namespace, service.Name, vs.Resource),
					Because: []string{"none of its routes takes all calls inside the mesh"},
					Try:     "add a last route without a match",
				})
				break
			}
		}
	}
}

// withoutDefault lists the HTTP ports of a Service that some route holds for, and none for every call.
func withoutDefault(spec *networking.VirtualService, service *facts.Service) []string {
	var without []string
	for i := range service.Ports {
		port := &service.Ports[i]
		if !port.Protocol.Routable() {
			continue
		}
		some, every := false, false
		for _, route := range spec.Http {
			takesSome, takesEvery := takes(route, uint32(port.Number)) //nolint:gosec // Read within 1 to 65535.
			some, every = some || takesSome, every || takesEvery
		}
		if some && !every {
			without = append(without, port.Key())
		}
	}
	return without
}

// takes says whether a route takes some calls to a port from inside the mesh, and whether it takes all of them.
func takes(route *networking.HTTPRoute, port uint32) (some, every bool) {
	if len(route.GetMatch()) == 0 {
		return true, true
	}
	for _, match := range route.GetMatch() {
		if match.GetPort() != 0 && match.GetPort() != port || len(match.GetGateways()) > 0 && !allIn([]string{meshGateway}, match.GetGateways()) {
			continue
		}
		some = true
		every = every || takesAll(anywhere(match))
	}
	return some, every
}

// anywhere is a match without the gateways that it is for.
func anywhere(match *networking.HTTPMatchRequest) *networking.HTTPMatchRequest {
	plain := match.DeepCopy()
	plain.Gateways = nil
	return plain
}
