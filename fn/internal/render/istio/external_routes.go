package istio

import (
	"slices"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/plan"
)

// externalRoutes says where calls to the host go: to the host, or first to the gateway through which they leave.
func (r *renderer) externalRoutes(e *plan.External) {
	spec := &networking.VirtualService{ExportTo: e.SeenBy}
	if e.Gateway != "" {
		spec.Gateways = []string{e.Gateway}
	}
	for i := range e.Ports {
		port := &e.Ports[i]
		switch {
		case port.SNI != "" && (port.Through != nil || port.Arrival != nil):
			spec.Tls = append(spec.Tls, r.passedOn(e, port))
			spec.Hosts = withHost(spec.Hosts, port.SNI)
		case port.Through != nil:
			spec.Http = append(spec.Http, r.throughGateway(e, port))
			spec.Hosts = withHost(spec.Hosts, e.Host)
		case len(port.Routes) > 0:
			spec.Http = append(spec.Http, r.direct(e, port)...)
			spec.Hosts = withHost(spec.Hosts, nameFor(e, port))
		}
	}
	if len(spec.Hosts) > 0 {
		r.add(r.externalHeader(e, "VirtualService"), spec)
	}
}

// nameFor is the name by which calls are for the port.
func nameFor(e *plan.External, port *plan.ExternalPort) string {
	if port.Arrival != nil {
		return port.Arrival.Called
	}
	return e.Host
}

func withHost(hosts []string, host string) []string {
	if slices.Contains(hosts, host) {
		return hosts
	}
	return append(hosts, host)
}

// direct sends calls to the host itself. At a gateway, where all calls come in on one port, the name tells them apart; the
// host gets to see its own.
func (r *renderer) direct(e *plan.External, port *plan.ExternalPort) []*networking.HTTPRoute {
	var routes []*networking.HTTPRoute
	for i := range port.Routes {
		http := httpRoute(&port.Routes[i], target{host: e.Host, port: port.Number})
		if port.Arrival == nil {
			http.Match = meshMatches(&port.Routes[i], &port.Port)
		} else {
			http.Match = gatewayMatches(&port.Routes[i], port)
			http.Rewrite = &networking.HTTPRewrite{Authority: port.Arrival.Authority}
		}
		routes = append(routes, http)
	}
	return routes
}

func gatewayMatches(route *plan.Route, port *plan.ExternalPort) []*networking.HTTPMatchRequest {
	base := &networking.HTTPMatchRequest{}
	if !port.Only {
		base.Authority = exactly(port.Arrival.Called)
	}
	if port.Only && len(route.Methods.V) == 0 {
		return nil
	}
	return withMethods([]*networking.HTTPMatchRequest{base}, route.Methods.V)
}

// throughGateway sends calls to the egress gateway, under the name that the host has there.
func (r *renderer) throughGateway(e *plan.External, port *plan.ExternalPort) *networking.HTTPRoute {
	to := target{host: r.host(port.Through.Service, port.Through.In, e.Namespace), port: port.Through.Port}
	http := &networking.HTTPRoute{
		Retries: retries(&port.Through.Retries),
		Rewrite: &networking.HTTPRewrite{Authority: port.Through.Called},
		Route:   []*networking.HTTPRouteDestination{{Destination: to.destination("")}},
	}
	if !port.Only {
		http.Match = []*networking.HTTPMatchRequest{{Port: uint32(port.Number)}} //nolint:gosec // A port number is never negative.
	}
	return http
}

// passedOn sends connections on by the host that they name.
func (r *renderer) passedOn(e *plan.External, port *plan.ExternalPort) *networking.TLSRoute {
	match := &networking.TLSMatchAttributes{SniHosts: []string{port.SNI}, Port: uint32(port.Number)} //nolint:gosec // A port number is never negative.
	to := target{host: e.Host, port: port.Number}
	if port.Through != nil {
		to = target{host: r.host(port.Through.Service, port.Through.In, e.Namespace), port: port.Through.Port}
	} else {
		match.Port = uint32(port.Arrival.Port) //nolint:gosec // A port number is never negative.
	}
	return &networking.TLSRoute{Match: []*networking.TLSMatchAttributes{match}, Route: []*networking.RouteDestination{{Destination: to.destination("")}}}
}
