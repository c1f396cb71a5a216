package gateways

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// parent checks one thing that a route is attached to.
func (r *routing) parent(to *cluster.Reference, field string) {
	namespace := cmp.Or(to.Namespace, r.route.Namespace)
	switch {
	case to.MeshParent():
		if r.Service(to.Name, namespace) == nil {
			r.noService(to.Name, namespace, field+".name")
		}
	case to.GatewayParent():
		at := slices.IndexFunc(r.gateways, func(g *cluster.KubernetesGateway) bool {
			return g.Name == to.Name && g.Namespace == namespace
		})
		if at < 0 {
			r.noGateway(to.Name, namespace, field+".name")
			return
		}
		r.listener(r.gateways[at], to, field)
	}
}

// noGateway reports a Gateway that the build should have, or notes that it cannot know.
func (r *routing) noGateway(name, namespace, field string) {
	finding := diag.Finding{Code: diag.RouteNoGateway, Severity: diag.Warning, Source: r.route.At(field)}
	for _, g := range r.Gateways {
		if g.Name == name && g.Namespace == namespace {
			finding.Message = fmt.Sprintf("%q is a Gateway of networking.istio.io, and a route of the Gateway API attaches only to one of %s",
				name, cluster.GatewayAPIGroup)
			finding.Related = []diag.Source{g.At("spec")}
			finding.Try = "write a VirtualService, or a Gateway of the Gateway API"
			r.report(finding)
			return
		}
	}
	var names []string
	for _, g := range r.gateways {
		if g.Namespace == namespace {
			names = append(names, g.Name)
		}
	}
	if len(names) == 0 {
		r.doubt(diag.RouteNoGateway, namespaced(namespace, name), field)
		return
	}
	finding.Message = fmt.Sprintf("the build has no Gateway %q in the namespace of %s; it has: %s", name, names[0], diag.OneOf(names))
	if near, ok := diag.Nearest(name, names); ok {
		finding.Try, finding.Proposed = near, near
	}
	r.report(finding)
}

// listener checks that the Gateway has the listener a route names, and lets routes of its namespace in.
func (r *routing) listener(g *cluster.KubernetesGateway, to *cluster.Reference, field string) {
	var meant []cluster.Listener
	var names []string
	for _, listener := range g.Spec.Listeners {
		names = append(names, listener.Name)
		if (to.Section == "" || to.Section == listener.Name) && (to.Port == 0 || to.Port == listener.Port) {
			meant = append(meant, listener)
		}
	}
	if len(meant) == 0 {
		finding := diag.Finding{
			Code: diag.RouteNoListener, Source: r.route.At(field + ".sectionName"), Related: []diag.Source{g.At("spec.listeners")},
			Message: fmt.Sprintf("%s has no listener %q; it has: %s", g.Resource, to.Section, diag.OneOf(names)),
		}
		if to.Section == "" || slices.Contains(names, to.Section) {
			finding.Source = r.route.At(field + ".port")
			finding.Message = fmt.Sprintf("%s has no such listener on port %d", g.Resource, to.Port)
		} else if near, ok := diag.Nearest(to.Section, names); ok {
			finding.Try, finding.Proposed = near, near
		}
		r.report(finding)
		return
	}
	if g.Namespace == "" || slices.ContainsFunc(meant, func(listener cluster.Listener) bool { return r.admits(g, listener) }) {
		return
	}
	r.report(diag.Finding{
		Code: diag.RouteNotAdmitted, Source: r.route.At(field),
		Message: fmt.Sprintf("%s takes no routes of namespace %q", g.Resource, r.route.Namespace),
		Because: []string{"a listener takes routes of its own namespace only, unless allowedRoutes says otherwise"},
		Related: []diag.Source{g.At("spec.listeners")},
		Try:     "allowedRoutes: {namespaces: {from: All}} in the listener, or a selector that takes this namespace",
	})
}

// admits reports whether a listener takes routes of the route's namespace. What a selector says of a Namespace that the
// build does not have is taken for granted.
func (r *routing) admits(g *cluster.KubernetesGateway, listener cluster.Listener) bool {
	rule := listener.Allowed.Namespaces
	switch rule.From {
	case "All":
		return true
	case "Selector":
		namespace := r.Facts.Namespace(r.route.Namespace)
		return namespace == nil || len(rule.Selector.More) > 0 || len(rule.Selector.Labels) == 0 ||
			facts.Matches(rule.Selector.Labels, namespace.Labels)
	case "None":
		return false
	}
	return g.Namespace == r.route.Namespace
}
