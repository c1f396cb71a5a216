package routing

import (
	"fmt"
	"slices"
	"strings"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// wildcards finds objects with a wildcard that no longer hold for hosts that have an object of their own: Istio takes the
// most specific one and merges nothing.
func (c *checker) wildcards() {
	for _, wide := range c.wide {
		var covered []string
		for _, rule := range c.DestinationRules {
			switch {
			case !c.covers(wide.Spec.Host, rule.Spec.Host, rule.Namespace):
			case rule.Generated != nil:
				covered = append(covered, rule.Spec.Host)
			default:
				c.tlsNotInherited(wide, rule)
			}
		}
		c.partial(wide.Meta, covered)
	}
	for _, wide := range c.VirtualServices {
		if inMesh(wide) && wide.ByHand() && slices.ContainsFunc(wide.Spec.Hosts, wild) {
			c.partial(wide.Meta, c.coveredBy(wide.Spec.Hosts))
		}
	}
}

func wild(host string) bool { return strings.HasPrefix(host, "*") }

// coveredBy lists the hosts of generated routes inside the mesh that wildcards take in.
func (c *checker) coveredBy(wide []string) []string {
	var covered []string
	for _, vs := range c.VirtualServices {
		if vs.ByHand() || !inMesh(vs) {
			continue
		}
		for _, host := range vs.Spec.Hosts {
			if c.anyCovers(wide, host, vs.Namespace) {
				covered = append(covered, host)
			}
		}
	}
	return covered
}

func (c *checker) anyCovers(wide []string, host, namespace string) bool {
	for _, one := range wide {
		if c.covers(one, host, namespace) {
			return true
		}
	}
	return false
}

func (c *checker) covers(wide, host, namespace string) bool {
	return !wild(host) && cluster.Covers(wide, c.host(host, namespace).Full)
}

func (c *checker) partial(wide *cluster.Meta, covered []string) {
	if len(covered) == 0 {
		return
	}
	c.report(diag.Finding{
		Code: diag.WildcardOverridden, Severity: diag.Warning, Source: wide.At("spec"),
		Message: fmt.Sprintf("%s %q also covers hosts that have a generated one (%s), and Istio does not merge the two: callers get one or the other",
			wide.Kind, wide.Name, diag.OneOf(covered)),
		Because: []string{mostSpecific},
		Try:     "narrow its host, or write for these hosts what it says",
	})
}

const mostSpecific = "Istio takes the most specific host: https://istio.io/latest/docs/ops/best-practices/traffic-management/#cross-namespace-configuration"

// tlsNotInherited says when a rule that is about something else takes away the TLS that a wildcard asks for. What
// ISTIO_MUTUAL asks for, automatic mutual TLS does too, unless it was turned off.
func (c *checker) tlsNotInherited(wide, rule *destinationRule) {
	mode := wide.Spec.GetTrafficPolicy().GetTls().GetMode()
	if wide.Spec.GetTrafficPolicy().GetTls() == nil || mode == networking.ClientTLSSettings_DISABLE || setsTLS(rule.Spec) {
		return
	}
	finding := diag.Finding{
		Code: diag.WildcardOverridden, Severity: diag.Warning, Source: rule.At("spec"),
		Message: fmt.Sprintf("%s says nothing of tls, so tls mode %s of %s no longer holds for %q", rule.Resource, mode, wide.Resource, rule.Spec.Host),
		Because: []string{mostSpecific}, Related: []diag.Source{wide.At("spec.trafficPolicy.tls")},
		Try: "write the tls that has to hold into this rule too",
	}
	if mode == networking.ClientTLSSettings_ISTIO_MUTUAL {
		finding.Code, finding.Severity = diag.MutualTLSNotInherited, diag.Info
		finding.Because = append(finding.Because, "automatic mutual TLS encrypts these calls all the same, unless the mesh turned it off")
	}
	c.report(finding)
}

func setsTLS(spec *networking.DestinationRule) bool {
	if spec.GetTrafficPolicy().GetTls() != nil {
		return true
	}
	for _, port := range spec.GetTrafficPolicy().GetPortLevelSettings() {
		if port.GetTls() != nil {
			return true
		}
	}
	return false
}
