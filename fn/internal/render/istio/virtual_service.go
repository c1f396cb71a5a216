package istio

import (
	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/plan"
)

// syncWave lets Argo CD apply subsets before the routes that name them; without it a route may reach a proxy first and
// fail with 503. Destination rules have no health to wait for, so no traffic waits for a workload.
// https://istio.io/latest/docs/ops/best-practices/traffic-management/#avoid-503-errors-while-reconfiguring-service-routes
const syncWave = "argocd.argoproj.io/sync-wave"

// virtualService holds the routes of a Service for callers inside the mesh.
func (r *renderer) virtualService(s *plan.Service) {
	spec := &networking.VirtualService{Hosts: []string{r.host(s.Name, s.Namespace, s.Namespace)}, ExportTo: s.RoutesSeenBy}
	target := target{host: spec.Hosts[0]}
	for i := range s.Ports {
		port := &s.Ports[i]
		target.port = port.Number
		for j := range port.Routes {
			route := &port.Routes[j]
			if route.Stream {
				spec.Tcp = append(spec.Tcp, tcpRoute(route, port, target))
				continue
			}
			http := httpRoute(route, target)
			http.Match = meshMatches(route, port)
			spec.Http = append(spec.Http, http)
		}
	}
	if len(spec.Http) == 0 && len(spec.Tcp) == 0 {
		return
	}
	r.add(header{kind: "VirtualService", name: s.Name, namespace: s.Namespace, owner: s.Owner, from: s.From}, spec)
}

// meshMatches says which calls inside the mesh a route takes. On a Service with several ports each route matches its own,
// or it would take the calls of the others too.
func meshMatches(route *plan.Route, port *plan.Port) []*networking.HTTPMatchRequest {
	base := &networking.HTTPMatchRequest{}
	if !port.Only {
		base.Port = uint32(port.Number) //nolint:gosec // A port number is never negative.
	}
	if port.Only && len(route.Methods.V) == 0 {
		return nil
	}
	return withMethods([]*networking.HTTPMatchRequest{base}, route.Methods.V)
}

// withMethods narrows matches to some methods; alternatives are matches of their own.
func withMethods(matches []*networking.HTTPMatchRequest, methods []string) []*networking.HTTPMatchRequest {
	if len(methods) == 0 {
		return matches
	}
	var narrowed []*networking.HTTPMatchRequest
	for _, match := range matches {
		for _, method := range methods {
			one := match.DeepCopy()
			one.Method = exactly(method)
			narrowed = append(narrowed, one)
		}
	}
	return narrowed
}

func exactly(text string) *networking.StringMatch {
	return &networking.StringMatch{MatchType: &networking.StringMatch_Exact{Exact: text}}
}

func startingWith(text string) *networking.StringMatch {
	return &networking.StringMatch{MatchType: &networking.StringMatch_Prefix{Prefix: text}}
}
