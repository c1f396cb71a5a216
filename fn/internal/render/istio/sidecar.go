package istio

import (
	"cmp"
	"slices"

	networking "istio.io/api/networking/v1"
	numbers "istio.io/api/networking/v1alpha3"

	"github.com/meshfn/meshfn/fn/internal/plan"
)

// sidecar is what the proxies of some pods know of. An egress listener without a port is for every port.
// https://istio.io/latest/docs/reference/config/networking/sidecar/
func (r *renderer) sidecar(s *plan.Scope) {
	spec := &networking.Sidecar{Egress: []*networking.IstioEgressListener{{Hosts: r.imports(s)}}}
	if len(s.Selector) > 0 {
		spec.WorkloadSelector = &networking.WorkloadSelector{Labels: s.Selector}
	}
	if !s.Outbound.IsZero() {
		mode := numbers.OutboundTrafficPolicy_Mode_value[s.Outbound.V]
		spec.OutboundTrafficPolicy = &networking.OutboundTrafficPolicy{Mode: numbers.OutboundTrafficPolicy_Mode(mode)}
	}
	r.add(header{kind: "Sidecar", name: s.Name, namespace: s.Namespace, owner: s.Owner, from: s.From.At}, spec)
}

// imports lists the hosts in their order, each once though several workloads may need it. Who knows nothing adds nothing to
// what others need.
func (r *renderer) imports(s *plan.Scope) []string {
	var all, nothing []imported
	for i := range s.Parts {
		for j := range s.Parts[i].Knows {
			known := &s.Parts[i].Knows[j]
			host := known.Host
			if known.Service != "" {
				host = known.Service + "." + known.Namespace + ".svc." + r.naming.ClusterDomain
			}
			one := imported{known.Rank, known.In + "/" + host}
			if known.Nothing() {
				nothing = append(nothing, one)
				continue
			}
			all = append(all, one)
		}
	}
	if len(all) == 0 {
		all = nothing
	}
	slices.SortFunc(all, func(a, b imported) int { return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(b.host, a.host)) })
	var hosts []string
	for _, one := range all {
		hosts = append(hosts, one.host)
	}
	return slices.Compact(hosts)
}

// imported is a host with its place among others.
type imported struct {
	rank int
	host string
}

// spellOutMode writes the mode that is the zero of its type, so that nobody takes the field for one without a mode.
func spellOutMode(spec map[string]any) {
	if policy, ok := spec["outboundTrafficPolicy"].(map[string]any); ok && len(policy) == 0 {
		policy["mode"] = numbers.OutboundTrafficPolicy_REGISTRY_ONLY.String()
	}
}
