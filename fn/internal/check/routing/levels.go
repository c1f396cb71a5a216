package routing

import (
	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// level is one place of a DestinationRule that has settings of its own: for the whole host, for one port of it, or the same
// two for a subset.
type level struct {
	field    string
	port     uint32             // 0 for all ports
	subset   *networking.Subset // nil for all pods
	pool     *networking.ConnectionPoolSettings
	outlier  *networking.OutlierDetection
	balancer *networking.LoadBalancerSettings
	tls      *networking.ClientTLSSettings
	budget   *networking.TrafficPolicy_RetryBudget
}

// levelsOf lists the places of a DestinationRule with settings.
func levelsOf(spec *networking.DestinationRule) []level {
	all := levelsIn(spec.GetTrafficPolicy(), "spec.trafficPolicy", nil)
	for i, subset := range spec.Subsets {
		all = append(all, levelsIn(subset.GetTrafficPolicy(), diag.At("spec.subsets", i)+".trafficPolicy", subset)...)
	}
	return all
}

func levelsIn(policy *networking.TrafficPolicy, field string, subset *networking.Subset) []level {
	if policy == nil {
		return nil
	}
	all := []level{{
		field: field, subset: subset, pool: policy.ConnectionPool, outlier: policy.OutlierDetection, balancer: policy.LoadBalancer,
		tls: policy.Tls, budget: policy.RetryBudget,
	}}
	for i, port := range policy.PortLevelSettings {
		all = append(all, level{
			field: diag.At(field+".portLevelSettings", i), port: port.GetPort().GetNumber(), subset: subset,
			pool: port.GetConnectionPool(), outlier: port.GetOutlierDetection(), balancer: port.GetLoadBalancer(), tls: port.GetTls(),
		})
	}
	return all
}
