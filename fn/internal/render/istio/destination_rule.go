package istio

import (
	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/plan"
)

// destinationRule is the only one of its host, in the Service's own namespace: Istio does not merge several.
// https://github.com/istio/istio/issues/30080
func (r *renderer) destinationRule(s *plan.Service) {
	spec := &networking.DestinationRule{
		Host:          r.host(s.Name, s.Namespace, s.Namespace),
		TrafficPolicy: trafficPolicy(s.Ports, s.StreamIdleTimeout), ExportTo: s.PoliciesSeenBy,
	}
	for i := range s.Splits {
		spec.Subsets = append(spec.Subsets, subset(&s.Splits[i], s.Ports))
	}
	if spec.TrafficPolicy == nil && len(spec.Subsets) == 0 {
		return
	}
	h := header{kind: "DestinationRule", name: s.Name, namespace: s.Namespace, owner: s.Owner, from: s.From}
	if len(spec.Subsets) > 0 {
		h.annotations = map[string]any{syncWave: "-1"}
	}
	r.add(h, spec)
}

// trafficPolicy writes one policy for all ports, or one per port where they differ. Nothing is inherited between the two
// levels, so a port's policy is always complete. Only the idle time of streams counts nowhere but above the ports.
func trafficPolicy(ports []plan.Port, streamIdle plan.Value[v1alpha1.Duration]) *networking.TrafficPolicy {
	policies := make([]plan.Policy, 0, len(ports))
	for i := range ports {
		policies = append(policies, ports[i].Policy)
	}
	if uniform(policies) && policies[0].Origination == nil {
		return wholePolicy(&policies[0])
	}
	out := &networking.TrafficPolicy{}
	if idle := duration(streamIdle); idle != nil {
		out.ConnectionPool = &networking.ConnectionPoolSettings{Tcp: &networking.ConnectionPoolSettings_TCPSettings{IdleTimeout: idle}}
	}
	for i := range policies {
		if policies[i].IsZero() {
			continue
		}
		out.PortLevelSettings = append(out.PortLevelSettings, portPolicy(&ports[i], &policies[i]))
	}
	if len(out.PortLevelSettings) == 0 {
		return nil
	}
	return out
}

func portPolicy(port *plan.Port, policy *plan.Policy) *networking.TrafficPolicy_PortTrafficPolicy {
	return &networking.TrafficPolicy_PortTrafficPolicy{
		Port:             &networking.PortSelector{Number: uint32(port.Number)}, //nolint:gosec // A port number is never negative.
		ConnectionPool:   connectionPool(policy.Limits),
		OutlierDetection: outlierDetection(policy.Ejection),
		LoadBalancer:     loadBalancer(policy.Balance),
		Tls:              origination(policy.Origination),
	}
}

func uniform(policies []plan.Policy) bool {
	for i := 1; i < len(policies); i++ {
		if !plan.Same(policies[0], policies[i]) {
			return false
		}
	}
	return len(policies) > 0
}

func wholePolicy(policy *plan.Policy) *networking.TrafficPolicy {
	if policy.IsZero() {
		return nil
	}
	return &networking.TrafficPolicy{
		ConnectionPool:   connectionPool(policy.Limits),
		OutlierDetection: outlierDetection(policy.Ejection),
		LoadBalancer:     loadBalancer(policy.Balance),
	}
}
