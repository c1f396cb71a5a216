package istio

import (
	"google.golang.org/protobuf/types/known/wrapperspb"
	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/plan"
)

// subset is one version. It carries a policy of its own only where that differs from the Service's: the blocks it names
// replace the Service's, the others are inherited.
func subset(split *plan.Split, ports []plan.Port) *networking.Subset {
	out := &networking.Subset{Name: split.Name, Labels: split.Labels}
	switch {
	case len(split.Policies) == 0:
	case uniform(split.Policies):
		out.TrafficPolicy = &networking.TrafficPolicy{OutlierDetection: ejectionOf(split.Policies[0].Ejection)}
	default:
		out.TrafficPolicy = splitPolicy(split.Policies, ports)
	}
	return out
}

// splitPolicy writes the policies of a version whose ports differ. A port for which the version has nothing to say would
// take over the Service's outlier detection, so that is said too.
func splitPolicy(policies []plan.Policy, ports []plan.Port) *networking.TrafficPolicy {
	out := &networking.TrafficPolicy{}
	for i := range policies {
		if policies[i].IsZero() && ports[i].Policy.Ejection == nil {
			continue
		}
		settings := portPolicy(&ports[i], &policies[i])
		if settings.OutlierDetection == nil && ports[i].Policy.Ejection != nil {
			settings.OutlierDetection = noEjection()
		}
		out.PortLevelSettings = append(out.PortLevelSettings, settings)
	}
	return out
}

// ejectionOf says explicitly that there is none, because a subset would inherit the Service's.
func ejectionOf(ejection *plan.Ejection) *networking.OutlierDetection {
	if ejection == nil {
		return noEjection()
	}
	return outlierDetection(ejection)
}

func noEjection() *networking.OutlierDetection {
	return &networking.OutlierDetection{
		ConsecutiveGatewayErrors: wrapperspb.UInt32(0), Consecutive_5XxErrors: wrapperspb.UInt32(0),
	}
}
