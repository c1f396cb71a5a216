package routing

import (
	"fmt"
	"strconv"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// istioPercent is maxEjectionPercent where nothing is said.
const istioPercent = 10

// ejections checks outlier detection kept by hand against the number of pods: a percentage below one pod's share ejects
// nothing, and one of 100 may eject all of them. Generated percentages are computed.
// https://github.com/envoyproxy/envoy/pull/27909
func (c *checker) ejections() {
	for _, rule := range c.DestinationRules {
		host := c.host(rule.Spec.Host, rule.Namespace)
		if rule.Generated != nil || host.Wild() || host.Service == nil || host.Service.Headless { // Callers of a headless one choose the pod themselves.
			continue
		}
		if unknown := c.ejectionsOf(rule, c.behind(host)); unknown != "" {
			c.report(diag.Finding{
				Code: diag.UncheckedReplicas, Severity: diag.Info, Source: rule.At(unknown),
				Message: fmt.Sprintf("not checked: whether outlierDetection of %s ever ejects a pod; the number of pods of %q is unknown, and below %d Istio's maxEjectionPercent of %d ejects none",
					rule.Resource, rule.Spec.Host, 100/istioPercent, istioPercent),
				Try: "maxEjectionPercent: 50, or whatever fits the number of pods",
			})
		}
	}
}

// ejectionsOf returns the first place where the number of pods is unknown and Istio's default decides.
func (c *checker) ejectionsOf(rule *destinationRule, behind group) (unknown string) {
	for _, one := range levelsOf(rule.Spec) {
		if one.outlier == nil {
			continue
		}
		if pods, from, ok := count(behind, one.subset); ok {
			c.ejection(rule, one, pods, from)
		} else if ejectsAll(one.outlier) {
			c.report(diag.Finding{
				Code: diag.EjectsAll, Severity: diag.Warning, Source: rule.At(one.field + ".outlierDetection.maxEjectionPercent"),
				Message: fmt.Sprintf("maxEjectionPercent %d in %s may eject all pods of %s at a time, and calls then fail with 503",
					one.outlier.GetMaxEjectionPercent(), rule.Resource, ofWhat(rule, one)),
				Try: "maxEjectionPercent: 50, or whatever leaves one pod",
			})
		} else if unknown == "" && one.outlier.GetMaxEjectionPercent() == 0 {
			unknown = one.field + ".outlierDetection"
		}
	}
	return unknown
}

// count is how many pods there are at least, of a host or of a subset.
func count(behind group, subset *networking.Subset) (pods int, from string, known bool) {
	for _, pod := range behind.pods {
		if subset != nil && !selects(subset.GetLabels(), pod.Labels) || pod.Job() {
			continue
		}
		if !pod.Replicas.Known {
			return 0, "", false
		}
		pods += pod.Replicas.Min
		from = pod.Replicas.From
	}
	return pods, from, pods > 0
}

func (c *checker) ejection(rule *destinationRule, one level, pods int, from string) {
	percent := int(one.outlier.GetMaxEjectionPercent())
	said := fmt.Sprintf("maxEjectionPercent %d", percent)
	if percent == 0 {
		percent, said = istioPercent, fmt.Sprintf("Istio's maxEjectionPercent of %d", istioPercent)
	}
	onePod := (100 + pods - 1) / pods
	finding := diag.Finding{
		Severity: diag.Warning, Source: rule.At(one.field + ".outlierDetection.maxEjectionPercent"),
		Because: []string{"the number of pods comes from " + from},
	}
	switch {
	case percent < onePod:
		finding.Code = diag.NeverEjects
		finding.Message = fmt.Sprintf("%s in %s never ejects a pod of %s: one of %d is %d%%", said, rule.Resource, ofWhat(rule, one), pods, onePod)
		finding.Try, finding.Proposed = fmt.Sprintf("maxEjectionPercent: %d", onePod), strconv.Itoa(onePod)
		if pods == 1 {
			finding.Try, finding.Proposed = "more than one pod, or no outlierDetection", ""
		}
	case ejectsAll(one.outlier):
		most := 100 * (pods - 1) / pods
		finding.Code = diag.EjectsAll
		finding.Message = fmt.Sprintf("%s in %s may eject all %d pods of %s at a time, and calls then fail with 503", said, rule.Resource, pods, ofWhat(rule, one))
		finding.Try, finding.Proposed = fmt.Sprintf("maxEjectionPercent: %d", most), strconv.Itoa(most)
		if pods == 1 {
			finding.Message = fmt.Sprintf("%s in %s may eject the only pod of %s, and calls then fail with 503", said, rule.Resource, ofWhat(rule, one))
			finding.Try, finding.Proposed = "more than one pod, or no outlierDetection", ""
		}
	default:
		return
	}
	c.report(finding)
}

// ejectsAll reports whether every pod may be out at a time. From minHealthPercent on, Envoy calls the ejected ones all the same.
func ejectsAll(outlier *networking.OutlierDetection) bool {
	return outlier.GetMaxEjectionPercent() >= 100 && outlier.GetMinHealthPercent() == 0
}

func ofWhat(rule *destinationRule, one level) string {
	if one.subset != nil {
		return fmt.Sprintf("subset %q of %q", one.subset.GetName(), rule.Spec.Host)
	}
	return strconv.Quote(rule.Spec.Host)
}

// localities finds locality load balancing that does nothing: without outlier detection Istio never fails over, and without
// a distribution there is nothing else to it. Where failover is written out, Istio warns itself.
// https://istio.io/latest/docs/reference/config/networking/destination-rule/#LocalityLoadBalancerSetting
func (c *checker) localities() {
	for _, rule := range c.DestinationRules {
		levels := levelsOf(rule.Spec)
		for _, one := range levels {
			setting := one.balancer.GetLocalityLbSetting()
			if setting == nil || one.outlier != nil || setting.GetEnabled() != nil && !setting.GetEnabled().GetValue() ||
				len(setting.GetDistribute()) > 0 || len(setting.GetFailover()) > 0 || len(setting.GetFailoverPriority()) > 0 || inherits(levels, one) {
				continue
			}
			c.report(diag.Finding{
				Code: diag.LocalityWithoutEjection, Severity: diag.Warning, Source: rule.At(one.field + ".loadBalancer.localityLbSetting"),
				Message: fmt.Sprintf("localityLbSetting of %s has no effect: without outlierDetection Istio does not prefer pods of the caller's zone", rule.Resource),
				Try:     "outlierDetection beside it, or distribute",
			})
		}
	}
}

// inherits reports whether a subset takes outlier detection from the whole host.
func inherits(levels []level, one level) bool {
	return one.subset != nil && one.port == 0 && levels[0].subset == nil && levels[0].outlier != nil
}
