package routing

import (
	"fmt"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// externalVerification looks for the authorities that a host outside the mesh is verified by, where those of the operating
// system hardly know it. For public hosts, the reference says which are used. Through an egress gateway, the rule for the
// gateway says the same once more.
func (c *checker) externalVerification(rule *destinationRule, tls *networking.ClientTLSSettings) {
	if !originates(tls) || tls.GetCaCertificates() != "" || cluster.AtEgress(rule.Spec.Host) || c.publicName(rule.Spec.Host) {
		return
	}
	c.report(diag.Finding{
		Code: diag.UnverifiedServerOnPort, Severity: diag.Warning, Source: rule.At("spec"),
		Message: fmt.Sprintf("a proxy verifies %s by the public authorities of its operating system, which hardly know it: calls to it will fail",
			rule.Spec.Host),
		Try: "tls: {mode: originate, caCertificates: the file of the authority in the proxy}",
	})
}

// passedOn reports whether two generated VirtualServices pass the connections to a host on through the egress gateway, for two
// namespaces. Whichever the gateway uses does the same.
func passedOn(a, b *virtualService) bool {
	passes := func(vs *virtualService) bool {
		return vs.Generated != nil && len(vs.Spec.Gateways) > 0 && len(vs.Spec.Tls) > 0
	}
	return passes(a) && passes(b)
}
