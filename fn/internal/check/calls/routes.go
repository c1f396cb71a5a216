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

// insideRoutes finds the routes for calls to each Service inside the mesh, by its host.
func (c *checker) insideRoutes() map[*facts.Service][]*route {
	found := map[*facts.Service][]*route{}
	for _, vs := range c.VirtualServices {
		if !inMesh(vs) {
			continue
		}
		for _, host := range vs.Spec.GetHosts() {
			if service := c.Resolve(host, vs.Namespace).Service; service != nil {
				found[service] = append(found[service], routesIn(vs)...)
			}
		}
	}
	return found
}

// leadingRoutes finds the routes that lead to each Service, by whichever host.
func (c *checker) leadingRoutes() map[*facts.Service][]*route {
	found := map[*facts.Service][]*route{}
	for _, vs := range c.VirtualServices {
		for _, one := range routesIn(vs) {
			for _, to := range one.GetRoute() {
				service := c.Resolve(to.GetDestination().GetHost(), vs.Namespace).Service
				if service != nil && !slices.Contains(found[service], one) {
					found[service] = append(found[service], one)
				}
			}
		}
	}
	return found
}

// routesIn are the routes of a VirtualService that lead anywhere.
func routesIn(vs *virtualService) []*route {
	var routes []*route
	for i, http := range vs.Spec.GetHttp() {
		if len(http.GetRoute()) > 0 {
			routes = append(routes, &route{http, vs, diag.At("spec.http", i)})
		}
	}
	return routes
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
