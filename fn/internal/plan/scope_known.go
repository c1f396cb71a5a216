package plan

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// known lists what proxies of a namespace have to know for one dependency. What the routes to a host reach comes with the
// routes: Istio adds the destinations and mirrors of every VirtualService that a proxy has.
// https://github.com/istio/istio/blob/master/pilot/pkg/model/sidecar.go
func (p *planner) known(call *spec.Dependency, namespace string) []Known {
	if call.External != nil {
		return p.knownOutside(call, namespace)
	}
	if call.Namespace == "" {
		p.refuseUnnamed(call)
		return nil
	}
	return p.knownService(call.Name, call.Namespace, call.Service, namespace, call.Origin)
}

// knownService is a Service, and the routes that somebody keeps for it in other namespaces than its own.
func (p *planner) knownService(name, in string, service *facts.Service, namespace string, from spec.Origin) []Known {
	knows := []Known{{Service: name, Namespace: in, In: seenFrom(in, namespace), From: from}}
	if service != nil && service.ExternalName != "" {
		knows = append(knows, p.knownAlias(service, namespace, from)...)
	}
	host := fmt.Sprintf("%s.%s.svc.%s", name, in, p.spec.Istio.ClusterDomain)
	for _, route := range p.routesElsewhere(host, namespace, in) {
		known := Known{Service: name, Namespace: in, In: seenFrom(route.Namespace, namespace)}
		known.From = byRoute(route, from)
		knows = append(knows, known)
	}
	return knows
}

// routesElsewhere lists routes for a host that are imported only by the namespace that they are in.
func (p *planner) routesElsewhere(host, from, besides string) []*facts.Route {
	return p.facts.RoutesOf(host, from, besides, p.spec.Istio.Mesh.DefaultVirtualServiceExportTo)
}

func byRoute(route *facts.Route, from spec.Origin) spec.Origin {
	note := fmt.Sprintf("VirtualService %s/%s is for the host too, and an import is by its namespace", route.Namespace, route.Name)
	origin := spec.Computed(from.Setting, note, from)
	origin.Computed.Places = append(origin.Computed.Places, func() diag.Source { return route.Source("spec.hosts") })
	return origin
}

// knownAlias is what a Service of type ExternalName stands for. To Istio it is another name of that, so that both names are
// looked for where the other thing is.
func (p *planner) knownAlias(service *facts.Service, namespace string, from spec.Origin) []Known {
	origin := spec.Computed(from.Setting, "what the Service, which is only another name, stands for", from)
	origin.Computed.Places = append(origin.Computed.Places, func() diag.Source { return service.Source("spec.externalName") })
	inner, ok := strings.CutSuffix(service.ExternalName, ".svc."+p.spec.Istio.ClusterDomain)
	if name, in, two := strings.Cut(inner, "."); ok && two {
		in = seenFrom(in, namespace)
		return []Known{
			{Service: name, Namespace: strings.TrimPrefix(inner, name+"."), In: in, From: origin},
			{Service: service.Name, Namespace: service.Namespace, In: in, From: origin},
		}
	}
	return []Known{
		{Host: service.ExternalName, In: everyone, From: origin},
		{Service: service.Name, Namespace: service.Namespace, In: everyone, From: origin},
	}
}

// knownOutside is a host outside the mesh, and the gateway through which its calls leave.
func (p *planner) knownOutside(call *spec.Dependency, namespace string) []Known {
	external := call.External
	host := external.Entry.URL.Host
	knows := []Known{{Host: host, In: seenFrom(external.Namespace, namespace), From: call.Origin}}
	for _, route := range p.routesElsewhere(host, namespace, external.Namespace) {
		knows = append(knows, Known{Host: host, In: seenFrom(route.Namespace, namespace), From: byRoute(route, call.Origin)})
	}
	if exit := p.spec.Egress; exit != nil {
		from := spec.Computed(call.Origin.Setting, "calls to hosts outside the mesh leave through this gateway", call.Origin)
		from.Computed.Places = append(from.Computed.Places, func() diag.Source { return exit.At("service") })
		knows = append(knows, Known{Service: exit.Service, Namespace: exit.Namespace, In: seenFrom(exit.Namespace, namespace), From: from})
	}
	return knows
}

// peers are the headless Services of a workload itself, behind which its pods find one another. A call to a pod that its
// proxy does not know of goes out in plain text, which pods that ask for mutual TLS refuse.
func (p *planner) peers(workload *facts.Workload, from spec.Origin) []Known {
	var knows []Known
	for _, service := range workload.Services {
		if !service.Headless {
			continue
		}
		origin := spec.Computed("dependsOn", "pods behind a headless Service call one another", from)
		origin.Computed.Places = append(origin.Computed.Places, func() diag.Source { return service.Source("spec.clusterIP") })
		if service.Namespace == "" {
			p.refuseUnnamed(&spec.Dependency{Name: service.Name, Text: service.Name, Service: service, Origin: from})
			continue
		}
		knows = append(knows, p.knownService(service.Name, service.Namespace, service, workload.Namespace, origin)...)
	}
	return knows
}

// seenFrom is how a namespace is called from another one. Its own is a dot, which means the same wherever an overlay puts it.
func seenFrom(namespace, from string) string {
	if namespace == from {
		return here
	}
	return cmp.Or(namespace, here)
}

// refuseUnnamed refuses a Service whose full name nobody knows, because a Sidecar understands no other.
// https://istio.io/latest/docs/reference/config/networking/sidecar/#IstioEgressListener
func (p *planner) refuseUnnamed(call *spec.Dependency) {
	p.report(diag.Finding{
		Code: diag.ScopeUnnamed, Source: call.Origin.At,
		Message: fmt.Sprintf("the sidecars of a workload know Services by full names, and nobody says the namespace of Service %q", call.Name),
		Try:     spec.SetNamespace + ";\nor write scope: {sidecars: none} in the MeshProfile",
	})
}
