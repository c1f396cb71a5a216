package facts

import (
	"slices"
	"strings"
)

// Route is a VirtualService that somebody keeps by hand, as far as it matters who has it: inside the mesh, the proxies that
// import its namespace with one of its hosts.
type Route struct {
	Identity
	Hosts    []string
	ExportTo []string
}

// RoutesOf lists the routes for a host that a namespace sees, without those of one namespace, by whose name the host is
// imported anyway. Otherwise is what the mesh has as its default for routes that do not say who sees them.
func (f *Facts) RoutesOf(host, from, besides string, otherwise []string) []*Route {
	var found []*Route
	for _, route := range f.Routes {
		if route.Namespace != besides && route.seenFrom(from, otherwise) && route.takes(host) {
			found = append(found, route)
		}
	}
	return found
}

// seenFrom reports whether a namespace sees the route.
func (r *Route) seenFrom(namespace string, otherwise []string) bool {
	to := r.ExportTo
	if len(to) == 0 {
		to = otherwise
	}
	return len(to) == 0 || slices.Contains(to, "*") || slices.Contains(to, namespace) || r.Namespace == namespace && slices.Contains(to, ".")
}

// takes reports whether the route is for a host: by its full name, for which a name without a dot stands that is completed
// with the namespace of the route, or by a wildcard around it.
func (r *Route) takes(host string) bool {
	return slices.ContainsFunc(r.Hosts, func(of string) bool {
		switch {
		case of == "*" || of == host:
			return true
		case strings.HasPrefix(of, "*"):
			return strings.HasSuffix(host, of[1:])
		case strings.HasPrefix(host, "*"):
			return strings.HasSuffix(of, host[1:])
		}
		return !strings.Contains(of, ".") && strings.HasPrefix(host, of+"."+r.Namespace+".svc.")
	})
}
