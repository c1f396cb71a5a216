package routing

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// ruleTargets checks that the host of each DestinationRule is there. Without it the rule has no effect.
func (c *checker) ruleTargets() {
	for _, rule := range c.DestinationRules {
		host := c.host(rule.Spec.Host, rule.Namespace)
		place := rule.At("spec.host")
		switch {
		case host.Wild() || host.Known() || rule.Spec.Host == "":
		case host.Meant != nil:
			c.report(diag.Finding{
				Code: diag.RuleHostNotCompleted, Severity: diag.Warning, Source: place,
				Message: fmt.Sprintf("%s has no effect on Service %s/%s: Istio takes %q for a host of its own",
					rule.Resource, host.Meant.Namespace, host.Meant.Name, rule.Spec.Host),
				Because: []string{notCompleted},
				Related: []diag.Source{host.Meant.Source("metadata.name")},
				Try:     "host: " + c.fullName(host), Proposed: c.fullName(host),
			})
		case c.expected(host):
			c.report(c.missing(diag.Finding{
				Code: diag.UnknownRuleHost, Severity: diag.Warning, Source: place,
				Message: fmt.Sprintf("%s speaks of %q, and the build has no such Service%s: it has no effect unless that comes from elsewhere",
					rule.Resource, rule.Spec.Host, inNamespace(host.Namespace)),
			}, host))
		case !c.arrivesLater(host):
			unknown := &unchecked{}
			unknown.add(rule.Spec.Host, "spec.host")
			c.notChecked(rule.Meta, diag.UncheckedRuleHost, unknown)
		}
	}
}
