package routing

import (
	"fmt"
	"maps"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// rules is the DestinationRules of the build by the full name of their host.
func (c *checker) rules() (order []string, of map[string][]*destinationRule) {
	of = map[string][]*destinationRule{}
	for _, rule := range c.DestinationRules {
		key := c.meant(rule.Spec.Host, rule.Namespace)
		if of[key] == nil {
			order = append(order, key)
		}
		of[key] = append(of[key], rule)
	}
	return order, of
}

// ruleHosts finds hosts with two DestinationRules. Those of one namespace are merged, the older one first; those of
// different namespaces are not, and a caller uses those of its own namespace, then of the Service's, then of the root
// namespace.
// https://istio.io/latest/docs/ops/best-practices/traffic-management/#cross-namespace-configuration
func (c *checker) ruleHosts() {
	order, of := c.rules()
	for _, key := range order {
		rules := of[key]
		for i, later := range rules {
			for _, other := range rules[:i] {
				c.twoRules(other, later)
			}
			c.shadows(later, rules)
		}
	}
}

func (c *checker) twoRules(a, b *destinationRule) {
	switch {
	case a.Namespace == b.Namespace && a.Name == b.Name:
	case a.Generated != nil && b.ByHand():
		c.ruleBesideGenerated(a, b)
	case b.Generated != nil && a.ByHand():
		c.ruleBesideGenerated(b, a)
	case a.Namespace == b.Namespace:
		c.mergedRules(a, b)
	}
}

func (c *checker) ruleBesideGenerated(generated, other *destinationRule) {
	code := diag.RuleTwice
	if generated.Namespace != other.Namespace {
		code = diag.RuleShadows
	}
	c.report(diag.Finding{
		Code: code, Source: generated.At("spec.host"),
		Message: fmt.Sprintf("DestinationRule %q of the build has the same host %q as the generated one, and Istio uses only one of them",
			other.Name, other.Spec.Host),
		Related: []diag.Source{other.At("spec")},
		Try:     "remove yours, or write manage: {DestinationRule: false} for the Service to keep it",
	})
}

// mergedRules says what of two rules of one namespace is lost. Different subsets of one host may well stand in two rules.
func (c *checker) mergedRules(earlier, later *destinationRule) {
	if !seenTogether(exported(earlier.Spec.ExportTo, earlier.Namespace), exported(later.Spec.ExportTo, later.Namespace)) ||
		!sameSelector(earlier.Spec, later.Spec) {
		return
	}
	finding := diag.Finding{
		Code: diag.RuleTwice, Severity: diag.Warning, Related: []diag.Source{earlier.At("spec.host")},
		Because: []string{"Istio merges the rules of a host in one namespace, the older one first: it adds subsets of other names and nothing else"},
		Try:     "keep one DestinationRule for the host",
	}
	names := map[string]bool{}
	for _, subset := range earlier.Spec.Subsets {
		names[subset.GetName()] = true
	}
	for i, subset := range later.Spec.Subsets {
		if names[subset.GetName()] {
			finding.Source = later.At(diag.Join(diag.At("spec.subsets", i), "name"))
			finding.Message = fmt.Sprintf("%s and %s both have subset %q of host %q: Istio uses only the older one's",
				later.Resource, earlier.Resource, subset.GetName(), later.Spec.Host)
			c.report(finding)
			return
		}
	}
	if earlier.Spec.TrafficPolicy == nil || later.Spec.TrafficPolicy == nil {
		return
	}
	finding.Source = later.At("spec.trafficPolicy")
	finding.Message = fmt.Sprintf("%s and %s both have a trafficPolicy for host %q: Istio uses only the older one's",
		later.Resource, earlier.Resource, later.Spec.Host)
	c.report(finding)
}

func sameSelector(a, b *networking.DestinationRule) bool {
	return (a.GetWorkloadSelector() == nil) == (b.GetWorkloadSelector() == nil) &&
		maps.Equal(a.GetWorkloadSelector().GetMatchLabels(), b.GetWorkloadSelector().GetMatchLabels())
}

// shadows says when callers of one namespace do not get the rules that the Service's own namespace has.
func (c *checker) shadows(rule *destinationRule, all []*destinationRule) {
	host := c.host(rule.Spec.Host, rule.Namespace)
	if host.Namespace == "" || rule.Namespace == host.Namespace || rule.Namespace == c.Istio.RootNamespace || rule.Generated != nil {
		return
	}
	var owners []*destinationRule
	for _, other := range all {
		if other.Namespace == host.Namespace && other.ByHand() && seenIn(rule.Namespace, exported(other.Spec.ExportTo, other.Namespace)) {
			owners = append(owners, other)
		}
	}
	if len(owners) == 0 {
		return
	}
	var related []diag.Source
	for _, owner := range owners {
		related = append(related, owner.At("spec.host"))
	}
	c.report(diag.Finding{
		Code: diag.RuleShadows, Severity: diag.Warning, Source: rule.At("spec.host"),
		Message: fmt.Sprintf("callers of namespace %q use %s for %q and nothing of %s, which stands in the namespace of the Service",
			rule.Namespace, rule.Resource, rule.Spec.Host, owners[0].Resource),
		Because: []string{"Istio uses the rule of the caller's namespace before that of the Service's, and does not merge the two"},
		Related: related,
		Try:     "one DestinationRule in the namespace of the Service, or repeat here its subsets and what else has to hold",
	})
}
