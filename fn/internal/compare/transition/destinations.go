package transition

import (
	"slices"

	"google.golang.org/protobuf/proto"
	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

type (
	virtualService = cluster.Object[*networking.VirtualService]
	httpMatch      = networking.HTTPMatchRequest
)

// destination is where a route leads, inside the mesh or at a gateway.
type destination struct {
	vs     *virtualService // nil for a route of the Gateway API
	meta   *cluster.Meta
	field  string
	host   cluster.Host
	subset string
	port   uint32
	share  bool // it gets calls, or copies of them
	mirror bool
	match  []*httpMatch
}

// to is what each kind of route has for a destination.
type to interface {
	GetDestination() *networking.Destination
	GetWeight() int32
}

// destinationsOf lists where the routes of a build lead.
func destinationsOf(v *cluster.View) []*destination {
	var all []*destination
	for _, vs := range v.VirtualServices {
		add := func(where []*destination) { all = append(all, where...) }
		for i, route := range vs.Spec.GetHttp() {
			field := diag.At("spec.http", i)
			add(shared(v, vs, field, route.GetMatch(), route.GetRoute()))
			add(mirrored(v, vs, field, route))
		}
		for i, route := range vs.Spec.GetTcp() {
			add(shared(v, vs, diag.At("spec.tcp", i), nil, route.GetRoute()))
		}
		for i, route := range vs.Spec.GetTls() {
			add(shared(v, vs, diag.At("spec.tls", i), nil, route.GetRoute()))
		}
	}
	return append(all, backends(v)...)
}

// shared are the destinations of one route. One alone gets everything, whatever its weight.
func shared[T to](v *cluster.View, vs *virtualService, field string, match []*httpMatch, list []T) []*destination {
	out := make([]*destination, 0, len(list))
	for i, one := range list {
		d := newDestination(v, vs, diag.At(field+".route", i), one.GetDestination())
		d.match, d.share = match, len(list) == 1 || one.GetWeight() > 0
		out = append(out, d)
	}
	return out
}

func newDestination(v *cluster.View, vs *virtualService, field string, to *networking.Destination) *destination {
	return &destination{
		vs: vs, meta: vs.Meta, field: field + ".destination", subset: to.GetSubset(), port: to.GetPort().GetNumber(),
		host: v.Resolve(to.GetHost(), vs.Namespace),
	}
}

func mirrored(v *cluster.View, vs *virtualService, field string, route *networking.HTTPRoute) []*destination {
	var out []*destination
	add := func(field string, to *networking.Destination, percent *networking.Percent) {
		d := newDestination(v, vs, field, to)
		d.field, d.mirror, d.share = field, true, percent == nil || percent.GetValue() > 0
		d.match = route.GetMatch()
		out = append(out, d)
	}
	if route.GetMirror() != nil {
		add(field+".mirror", route.GetMirror(), route.GetMirrorPercentage())
	}
	for i, mirror := range route.GetMirrors() {
		add(diag.At(field+".mirrors", i), mirror.GetDestination(), mirror.GetPercentage())
	}
	return out
}

// backends are the Services that routes of the Gateway API lead to.
func backends(v *cluster.View) []*destination {
	var out []*destination
	for _, route := range v.Routes() {
		for i := range route.Spec.Rules {
			for j := range route.Spec.Rules[i].Backends {
				backend := &route.Spec.Rules[i].Backends[j]
				if !backend.Service() {
					continue
				}
				namespace := backend.Namespace
				if namespace == "" {
					namespace = route.Namespace
				}
				host := v.Resolve(backend.Name+"."+namespace+".svc."+v.Istio.ClusterDomain, namespace)
				out = append(out, &destination{
					meta: route.Meta, host: host, port: uint32(backend.Port), share: true, //nolint:gosec // It is a port.
					field: diag.At(diag.At("spec.rules", i)+".backendRefs", j),
				})
			}
		}
	}
	return out
}

// hosts are what the route is for, by their full names.
func (d *destination) hosts(v *cluster.View) []string {
	if d.vs == nil {
		return nil
	}
	return hostsOf(v, d.vs)
}

func hostsOf(v *cluster.View, vs *virtualService) []string {
	hosts := make([]string, 0, len(vs.Spec.GetHosts()))
	for _, host := range vs.Spec.GetHosts() {
		resolved := v.Resolve(host, vs.Namespace)
		hosts = append(hosts, resolved.Full)
	}
	return hosts
}

// atMesh reports whether a VirtualService holds for callers inside the mesh.
func atMesh(vs *virtualService) bool {
	return len(vs.Spec.GetGateways()) == 0 || slices.Contains(vs.Spec.GetGateways(), "mesh")
}

// own reports whether a route is for nothing but the calls to the Service that it leads to.
func (d *destination) own(v *cluster.View) bool {
	return d.vs != nil && atMesh(d.vs) && len(d.vs.Spec.GetGateways()) <= 1 && slices.Equal(d.hosts(v), []string{d.host.Full})
}

// leadsTo reports whether a route leads to a Service and sends it calls.
func (d *destination) leadsTo(service *facts.Service) bool {
	return d.share && !d.mirror && d.host.Service == service
}

func sameMatch(a, b []*httpMatch) bool {
	return slices.EqualFunc(a, b, func(a, b *httpMatch) bool { return proto.Equal(a, b) })
}
