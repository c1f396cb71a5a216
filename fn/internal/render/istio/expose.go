package istio

import (
	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/plan"
)

// gateway opens a host on the gateway's pods.
func (r *renderer) gateway(e *plan.Entry) {
	spec := &networking.Gateway{
		Selector: e.Selector,
		Servers: []*networking.Server{{
			Port:  &networking.Port{Number: uint32(e.Port), Name: "http", Protocol: "HTTP"}, //nolint:gosec // A port number is never negative.
			Hosts: []string{e.Host},
		}},
	}
	r.add(header{kind: "Gateway", name: e.Name, namespace: e.Namespace, owner: e.Owner, from: e.From, way: e.Gateway}, spec)
}

// entryVirtualService holds all routes of one host at one gateway. It is one object, because Istio merges several for the
// same host in no defined order.
func (r *renderer) entryVirtualService(e *plan.Entry) {
	spec := &networking.VirtualService{Hosts: []string{e.Host}, Gateways: []string{e.Name}, ExportTo: e.SeenBy}
	for i := range e.Paths {
		path := &e.Paths[i]
		to := target{host: r.host(path.Service, path.Namespace, e.Namespace), port: path.Port}
		for j := range path.Routes {
			http := httpRoute(&path.Routes[j], to)
			http.Match = entryMatches(path, path.Routes[j].Methods.V)
			spec.Http = append(spec.Http, http)
		}
	}
	r.add(header{kind: "VirtualService", name: e.Name, namespace: e.Namespace, owner: e.Owner, from: e.From, way: e.Gateway}, spec)
}

// entryMatches says which calls from outside a route takes. Istio's prefix is one of text, /api would take /apis too, so
// a prefix of segments is the path itself or what follows its slash.
func entryMatches(entry *plan.EntryPath, methods []string) []*networking.HTTPMatchRequest {
	path := entry.Path
	var matches []*networking.HTTPMatchRequest
	switch {
	case path.Kind == plan.Exact:
		matches = append(matches, &networking.HTTPMatchRequest{Uri: exactly(path.Text)})
	case path.Kind == plan.Regex:
		matches = append(matches, &networking.HTTPMatchRequest{
			Uri: &networking.StringMatch{MatchType: &networking.StringMatch_Regex{Regex: path.Text}},
		})
	case path.Text != "/":
		if !entry.Below {
			matches = append(matches, &networking.HTTPMatchRequest{Uri: exactly(path.Text)})
		}
		matches = append(matches, &networking.HTTPMatchRequest{Uri: startingWith(path.Text + "/")})
	case len(methods) == 0:
		return nil
	default:
		matches = append(matches, &networking.HTTPMatchRequest{})
	}
	return withMethods(matches, methods)
}
