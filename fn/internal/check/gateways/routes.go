package gateways

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

type virtualService = cluster.Object[*networking.VirtualService]

// routes checks where routes of the Gateway API are attached and where they send calls.
func (c *checker) routes() {
	gateways := c.KubernetesGateways()
	grants := c.ReferenceGrants()
	for _, route := range c.Routes() {
		r := &routing{checker: c, route: route, gateways: gateways, grants: grants}
		for i := range route.Spec.Parents {
			r.parent(&route.Spec.Parents[i], diag.At("spec.parentRefs", i))
		}
		for i, rule := range route.Spec.Rules {
			field := diag.At("spec.rules", i)
			for j := range rule.Backends {
				r.backend(&rule.Backends[j], diag.At(field+".backendRefs", j))
			}
			for j := range rule.Filters {
				r.backend(&rule.Filters[j].Mirror.Backend, diag.At(field+".filters", j)+".requestMirror.backendRef")
			}
		}
		r.sayUnknown()
	}
}

// routing is the checks of one route.
type routing struct {
	*checker
	route    *cluster.Route
	gateways []*cluster.KubernetesGateway
	grants   []*cluster.ReferenceGrant
	unknown  map[diag.Code][]string // what the build does not have, by kind of fact
	first    map[diag.Code]string   // where the first of them is named
}

func (r *routing) doubt(code diag.Code, what, field string) {
	if r.unknown == nil {
		r.unknown, r.first = map[diag.Code][]string{}, map[diag.Code]string{}
	}
	if len(r.unknown[code]) == 0 {
		r.first[code] = field
	}
	r.unknown[code] = append(r.unknown[code], what)
}

// sayUnknown says once for each kind of fact what could not be looked for.
func (r *routing) sayUnknown() {
	for _, code := range []diag.Code{diag.RouteNoGateway, diag.RouteNoService, diag.RouteNotGranted} {
		names := r.unknown[code]
		if len(names) == 0 {
			continue
		}
		slices.Sort(names)
		what := map[diag.Code]string{
			diag.RouteNoGateway:  "the Gateways that %s is attached to exist (%s)",
			diag.RouteNoService:  "the Services that %s names exist (%s)",
			diag.RouteNotGranted: "a ReferenceGrant lets %s send calls to other namespaces (%s)",
		}[code]
		r.report(diag.Finding{
			Code: code, Severity: diag.Info, Source: r.route.At(r.first[code]),
			Message: "not checked: whether " + fmt.Sprintf(what, r.route.Resource, diag.OneOf(slices.Compact(names))) +
				"; the build has nothing in their namespaces",
		})
	}
}

// backend checks one reference to a Service.
func (r *routing) backend(to *cluster.Reference, field string) {
	if to.Name == "" || !to.Service() {
		return
	}
	namespace := cmp.Or(to.Namespace, r.route.Namespace)
	service := r.Service(to.Name, namespace)
	if service == nil {
		r.noService(to.Name, namespace, field+".name")
		return
	}
	if to.Port != 0 && !slices.ContainsFunc(service.Ports, func(port facts.Port) bool { return port.Number == to.Port }) {
		r.report(diag.Finding{
			Code: diag.RouteNoPort, Source: r.route.At(field + ".port"),
			Message: fmt.Sprintf("Service %q has no port %d; it has: %s", to.Name, to.Port, diag.OneOf(numbers(service))),
			Because: []string{"a port of a backend is the number of a port of the Service, and not the one that its pods listen on"},
			Related: []diag.Source{service.Source("spec.ports")},
			Try:     strings.Join(numbers(service), " or "),
		})
	}
	r.granted(to, namespace, field)
}

func numbers(service *facts.Service) []string {
	var list []string
	for i := range service.Ports {
		list = append(list, fmt.Sprint(service.Ports[i].Number))
	}
	return list
}

// noService reports a Service that the build should have, or notes that it cannot know.
func (r *routing) noService(name, namespace, field string) {
	names := r.ServicesIn(namespace)
	if r.MadeService(name, namespace) {
		return
	}
	if len(names) == 0 {
		r.doubt(diag.RouteNoService, namespaced(namespace, name), field)
		return
	}
	finding := diag.Finding{
		Code: diag.RouteNoService, Severity: diag.Warning, Source: r.route.At(field),
		Message: fmt.Sprintf("the build has no Service %q in the namespace of %s; it has: %s", name, names[0], diag.OneOf(names)),
	}
	if near, ok := diag.Nearest(name, names); ok {
		finding.Try, finding.Proposed = near, near
	}
	r.report(finding)
}

// granted looks for the ReferenceGrant that a call to another namespace needs. A route for callers inside the mesh needs
// none. https://gateway-api.sigs.k8s.io/api-types/referencegrant/
func (r *routing) granted(to *cluster.Reference, namespace, field string) {
	atGateway := slices.ContainsFunc(r.route.Spec.Parents, func(parent cluster.Reference) bool { return parent.GatewayParent() })
	if namespace == r.route.Namespace || !atGateway {
		return
	}
	for _, grant := range r.grants {
		if grant.Namespace == namespace && r.lets(grant, to.Name) {
			return
		}
	}
	r.report(diag.Finding{
		Code: diag.RouteNotGranted, Severity: diag.Warning, Source: r.route.At(field + ".namespace"),
		Message: fmt.Sprintf("Service %q is in namespace %s, and no ReferenceGrant there lets an %s of namespace %s in: its calls get status 500",
			to.Name, namespace, r.route.Kind, r.route.Namespace),
		Try: fmt.Sprintf("a ReferenceGrant in %s from %s of namespace %s to Services", namespace, r.route.Kind, r.route.Namespace),
	})
}

func (r *routing) lets(grant *cluster.ReferenceGrant, name string) bool {
	from, to := false, false
	for _, entry := range grant.Spec.From {
		from = from || entry.Group == cluster.GatewayAPIGroup && entry.Kind == r.route.Kind && entry.Namespace == r.route.Namespace
	}
	for _, entry := range grant.Spec.To {
		to = to || entry.Group == "" && entry.Kind == "Service" && (entry.Name == "" || entry.Name == name)
	}
	return from && to
}

// fullName is the host of a Service.
func (c *checker) fullName(name, namespace, own string) string {
	return name + "." + cmp.Or(namespace, own) + ".svc." + c.Istio.ClusterDomain
}

func namespaced(namespace, name string) string {
	if namespace == "" {
		return name
	}
	return namespace + "/" + name
}
