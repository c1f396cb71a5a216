package plan

import (
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// everyone stands for all namespaces in a list of them, and here for the one that an object is in.
const (
	everyone = "*"
	here     = "."
)

// seenBy decides which namespaces see what is said about calls to a Service: all that see the Service, and the gateways that
// expose it. It is nil where the mesh shows everything to everyone, or has just this as its default.
func (p *planner) seenBy(in *spec.Service, otherwise []string, atGateways bool) []string {
	if to, ok := p.seenByCallers(in); ok {
		return unlessSame(to, otherwise, in.Facts.Namespace)
	}
	if open(otherwise) {
		return nil
	}
	to := facts.ExportTo(in.Facts)
	if len(to) == 0 {
		to = p.spec.Istio.Mesh.DefaultServiceExportTo
	}
	if open(to) {
		return []string{everyone}
	}
	if atGateways {
		for _, name := range slices.Sorted(maps.Keys(in.Expose)) {
			for i := range p.spec.Gateways {
				if p.spec.Gateways[i].Name == name {
					to = append(slices.Clone(to), p.spec.Gateways[i].Namespace)
				}
			}
		}
	}
	return unlessSame(to, otherwise, in.Facts.Namespace)
}

// seenAtGateway decides which namespaces see the routes of an entry: that of the gateway's pods.
func (p *planner) seenAtGateway(entry *Entry) []string {
	otherwise := p.spec.Istio.Mesh.DefaultVirtualServiceExportTo
	if open(otherwise) {
		return nil
	}
	namespace, _, _ := strings.Cut(entry.Identity, "/")
	return unlessSame([]string{namespace}, otherwise, entry.Namespace)
}

// open reports whether a list of namespaces is of all of them, as an absent one is.
func open(to []string) bool { return len(to) == 0 || slices.Contains(to, everyone) }

// unlessSame puts a list of namespaces in order, and leaves it out where it is what holds anyway.
func unlessSame(to, otherwise []string, own string) []string {
	list := inOrder(to, own)
	if slices.Equal(list, inOrder(otherwise, own)) {
		return nil
	}
	return list
}

func inOrder(to []string, own string) []string {
	list := slices.Clone(to)
	for i := range list {
		if list[i] == own {
			list[i] = here
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
