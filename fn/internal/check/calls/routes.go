package calls

import (
	"slices"
	"time"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

type virtualService = cluster.Object[*networking.VirtualService]

// route is a route of a VirtualService for the calls to a Service.
type route struct {
	*networking.HTTPRoute
	vs    *virtualService
	field string
}

// at is where one of its settings was written: with the Service, or in an object kept by hand.
func (r *route) at(setting string, to *end) diag.Source {
	if r.vs.Generated == nil || to.settings == nil {
		return r.vs.WrittenAt(r.field + "." + setting)
	}
	for i := range to.settings.Ports {
		if port := &to.settings.Ports[i]; r.takes(uint32(port.Facts.Number)) { //nolint:gosec // It is a port.
			if at := port.Origins.Within(setting).At; at != (diag.Source{}) {
				return at
			}
		}
	}
	return r.vs.WrittenAt(r.field + "." + setting)
}

// takes reports whether the route takes calls to a port of the host. One that leads to one port is taken for one of that port.
func (r *route) takes(port uint32) bool {
	if len(r.GetMatch()) > 0 {
		return slices.ContainsFunc(r.GetMatch(), func(match *networking.HTTPMatchRequest) bool {
			return match.GetPort() == 0 || match.GetPort() == port
		})
	}
	return slices.ContainsFunc(r.GetRoute(), func(to *networking.HTTPRouteDestination) bool {
		number := to.GetDestination().GetPort().GetNumber()
		return number == 0 || number == port
	})
}

// wait is how long callers wait, 0 for as long as it takes.
func (r *route) wait() time.Duration { return r.GetTimeout().AsDuration() }

// listRoutes finds the routes for the calls to each Service: those inside the mesh by its host, and all by where they lead.
func (c *checker) listRoutes() (inside, leading map[*facts.Service][]*route) {
	inside, leading = map[*facts.Service][]*route{}, map[*facts.Service][]*route{}
	for _, vs := range c.VirtualServices {
		var hosts []*facts.Service
		for _, host := range vs.Spec.GetHosts() {
			if service := c.Resolve(host, vs.Namespace).Service; service != nil && inMesh(vs) {
				hosts = append(hosts, service)
			}
		}
		for i, http := range vs.Spec.GetHttp() {
			one := &route{http, vs, diag.At("spec.http", i)}
			for _, service := range hosts {
				if len(http.GetRoute()) > 0 {
					inside[service] = append(inside[service], one)
				}
			}
			for _, to := range http.GetRoute() {
				service := c.Resolve(to.GetDestination().GetHost(), vs.Namespace).Service
				if service != nil && !slices.Contains(leading[service], one) {
					leading[service] = append(leading[service], one)
				}
			}
		}
	}
	return inside, leading
}

// inMesh reports whether a VirtualService holds for callers inside the mesh.
func inMesh(vs *virtualService) bool {
	return len(vs.Spec.GetGateways()) == 0 || slices.Contains(vs.Spec.GetGateways(), "mesh")
}

// routesOf are the routes that the calls of a dependency can take.
func routesOf(e *edge, inside map[*facts.Service][]*route) []*route {
	all := inside[e.to.service]
	if e.port == "" {
		return all
	}
	number := uint32(e.to.port(e.port)) //nolint:gosec // It is a port.
	var out []*route
	for _, one := range all {
		if one.takes(number) {
			out = append(out, one)
		}
	}
	return out
}
