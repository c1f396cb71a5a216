package scope

import (
	"slices"

	"github.com/meshfn/meshfn/fn/internal/cluster"
)

// bringsRoutes reports whether an import brings a VirtualService, which has its own namespace and not that of the host.
// https://istio.io/latest/docs/reference/config/networking/sidecar/#IstioEgressListener
func (i *importing) bringsRoutes(p pattern) bool {
	return slices.ContainsFunc(i.VirtualServices, func(vs *virtualService) bool {
		return inMesh(vs) && p.takes(vs.Namespace) && slices.ContainsFunc(vs.Spec.Hosts, func(host string) bool {
			full := i.Resolve(host, vs.Namespace).Full
			return within(full, p.host) || cluster.Covers(full, p.host)
		})
	})
}
