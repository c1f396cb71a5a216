package scope

import (
	"strings"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// known is a host that the build brings into the mesh.
type known struct {
	name      string
	namespace string // of the Service or ServiceEntry
	visible   cluster.Visibility
	service   bool
	at        diag.Source
	exported  diag.Source // where it is said who sees it
}

// hosts is every host of the build.
type hosts struct {
	list   []*known
	byName map[string][]*known
}

func hostsOf(v *cluster.View) *hosts {
	out := &hosts{byName: map[string][]*known{}}
	for _, service := range v.Facts.Services {
		exported := service.Source(facts.ExportField())
		if len(facts.ExportTo(service)) == 0 && len(v.Istio.Mesh.DefaultServiceExportTo) > 0 {
			exported = v.Istio.At("meshConfig.defaultServiceExportTo")
		}
		out.add(&known{
			name: service.Name + "." + service.Namespace + ".svc." + v.Istio.ClusterDomain, namespace: service.Namespace, service: true,
			visible: v.VisibleService(service),
			at:      service.Source("metadata.name"), exported: exported,
		})
	}
	for _, entry := range v.ServiceEntries {
		for i, name := range entry.Spec.Hosts {
			out.add(&known{
				name: name, namespace: entry.Namespace, visible: cluster.Visible(entry.Spec.ExportTo, entry.Namespace),
				at: entry.At(diag.At("spec.hosts", i)), exported: entry.At("spec.exportTo"),
			})
		}
	}
	return out
}

func (h *hosts) add(host *known) {
	h.list = append(h.list, host)
	h.byName[host.name] = append(h.byName[host.name], host)
}

// within lists the hosts that a pattern takes in: the host itself, or all below a wildcard.
func (h *hosts) within(pattern string) []*known {
	if !strings.HasPrefix(pattern, "*") {
		return h.byName[pattern]
	}
	var found []*known
	for _, host := range h.list {
		if within(host.name, pattern) {
			found = append(found, host)
		}
	}
	return found
}

// around lists the hosts that are wildcards over a name.
func (h *hosts) around(name string) []*known {
	var found []*known
	for _, host := range h.list {
		if cluster.Covers(host.name, name) {
			found = append(found, host)
		}
	}
	return found
}

// within reports whether a pattern takes in a host, which may be a wildcard itself.
func within(host, pattern string) bool { return host == pattern || cluster.Covers(pattern, host) }

// pattern is one entry of the hosts of an egress listener: namespace/host.
type pattern struct {
	namespace string // * for every one
	host      string
	excluded  bool // since Istio 1.31: ~namespace/host
}

// patternOf reads an entry in a Sidecar of a namespace.
// https://istio.io/latest/docs/reference/config/networking/sidecar/#IstioEgressListener
func patternOf(entry, own string) pattern {
	namespace, host, _ := strings.Cut(entry, "/")
	out := pattern{namespace: namespace, host: host}
	if rest, ok := strings.CutPrefix(namespace, "~"); ok {
		out.namespace, out.excluded = rest, true
		if rest == "" {
			out.namespace = "*"
		}
	}
	if out.namespace == "." {
		out.namespace = own
	}
	return out
}

// takes reports whether the pattern is for objects of a namespace.
func (p pattern) takes(namespace string) bool { return p.namespace == "*" || p.namespace == namespace }
