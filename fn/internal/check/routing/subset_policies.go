package routing

import (
	"fmt"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// subsetPolicies finds settings of subsets that no route chooses. Istio uses them only for calls that a route sends to the
// subset by name.
// https://istio.io/latest/docs/reference/config/networking/destination-rule/#Subset
func (c *checker) subsetPolicies() {
	chosen := map[subsetKey]bool{}
	for _, vs := range c.VirtualServices {
		for _, to := range destinations(vs.Spec) {
			chosen[subsetKey{c.meant(to.GetHost(), vs.Namespace), to.GetSubset()}] = true
		}
	}
	for _, rule := range c.DestinationRules {
		full := c.meant(rule.Spec.Host, rule.Namespace)
		for i, subset := range rule.Spec.Subsets {
			if subset.GetTrafficPolicy() == nil || chosen[subsetKey{full, subset.GetName()}] || rule.Generated != nil || wild(rule.Spec.Host) {
				continue
			}
			c.report(diag.Finding{
				Code: diag.SubsetPolicyUnused, Severity: diag.Warning, Source: rule.At(diag.At("spec.subsets", i) + ".trafficPolicy"),
				Message: fmt.Sprintf("the trafficPolicy of subset %q of %s has no effect: no route of the build sends calls to the subset",
					subset.GetName(), rule.Resource),
				Because: []string{"a subset's settings hold only for calls that a VirtualService sends to it by name"},
				Try:     "put the settings into spec.trafficPolicy, or add a route to the subset",
			})
		}
	}
}

// portPolicies finds settings for the whole host that do not hold for a port, because the port has settings of its own:
// they replace the others, and what they leave out is Istio's default.
// https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy-PortTrafficPolicy
func (c *checker) portPolicies() {
	for _, rule := range c.DestinationRules {
		if rule.Generated != nil {
			continue // What is rendered repeats for each port what has to hold there.
		}
		var whole level
		for _, one := range levelsOf(rule.Spec) {
			if one.port == 0 {
				whole = one
				continue
			}
			for _, lost := range lostAt(whole, one) {
				c.replaced(rule, whole, one, lost)
			}
		}
	}
}

func (c *checker) replaced(rule *destinationRule, whole, port level, lost string) {
	severity := diag.Warning
	if lost == "loadBalancer" && onlySimple(whole.balancer) {
		severity = diag.Info // Any of them spreads the calls out.
	}
	c.report(diag.Finding{
		Code: diag.PortPolicyReplaces, Severity: severity, Source: rule.At(port.field),
		Message: fmt.Sprintf("%s of %s does not hold for port %d, whose own settings replace it and say nothing of %s",
			whole.field+"."+lost, rule.Resource, port.port, lost),
		Related: []diag.Source{rule.At(whole.field + "." + lost)},
		Try:     "repeat " + lost + " for the port",
	})
}

// lostAt lists what holds for the host and not for the port.
func lostAt(whole, port level) []string {
	var lost []string
	if whole.pool != nil && port.pool == nil && !onlyIdle(whole.pool) {
		lost = append(lost, "connectionPool")
	}
	if whole.outlier != nil && port.outlier == nil {
		lost = append(lost, "outlierDetection")
	}
	if whole.balancer != nil && port.balancer == nil {
		lost = append(lost, "loadBalancer")
	}
	if whole.tls != nil && port.tls == nil {
		lost = append(lost, "tls")
	}
	return lost
}

// onlyIdle reports whether a pool says nothing but how long a stream may be idle, which Istio reads for the whole host.
func onlyIdle(pool *networking.ConnectionPoolSettings) bool {
	tcp := pool.GetTcp()
	return pool.GetHttp() == nil && tcp != nil && tcp.GetIdleTimeout() != nil && tcp.GetMaxConnections() == 0 &&
		tcp.GetConnectTimeout() == nil && tcp.GetTcpKeepalive() == nil && tcp.GetMaxConnectionDuration() == nil
}

// onlySimple reports whether a load balancer has no more than one of the simple policies.
func onlySimple(balancer *networking.LoadBalancerSettings) bool {
	return balancer.GetConsistentHash() == nil && balancer.GetLocalityLbSetting() == nil && balancer.GetZoneAwareLbSetting() == nil &&
		balancer.GetWarmup() == nil && balancer.GetWarmupDurationSecs() == nil
}
