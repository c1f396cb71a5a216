package transition

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// plainBegins finds pods that no longer take mutual TLS, which their callers' proxies use until they are told. Both ends are
// proxies of their own, and nothing makes them change at the same moment.
// https://istio.io/latest/docs/ops/configuration/traffic-management/tls-configuration/#auto-mtls
func (c *checker) plainBegins() {
	said := map[string]bool{}
	for _, one := range c.calls {
		service := c.now.Service(one.name, one.in)
		if service == nil || said[one.callee()] || !one.stays() || !proxied(c.old, one.before[0]) {
			continue
		}
		for _, pod := range podsBehind(c.now, service) {
			before := c.podsBefore[podName(pod)]
			mode := c.now.MTLSOf(pod)
			if !proxied(c.now, pod) || !proxied(c.old, before) || mode.Mode != cluster.DisableMTLS || c.old.MTLSOf(before).Mode == cluster.DisableMTLS || c.toldPlain(one) {
				continue
			}
			said[one.callee()] = true
			c.report(diag.Finding{
				Code: diag.MutualEnds, Severity: diag.Warning, Source: c.modeAt(one, mode),
				Message: fmt.Sprintf("%s takes plain text only from now on, and the sidecars of %s use mutual TLS until they have learned of it: calls in between fail", one.callee(), one.subject),
				Because: []string{mode.Who() + " says DISABLE, and comes to the proxies of both ends at different moments"},
				Related: []diag.Source{one.said()},
				Try: steps(
					fmt.Sprintf("a DestinationRule for %s with trafficPolicy: {tls: {mode: DISABLE}}, while both are accepted", one.callee()),
					"once that is applied, mode: DISABLE",
				),
			})
			break
		}
	}
}

// toldPlain reports whether a DestinationRule of OLD made callers use plain text already.
func (c *checker) toldPlain(one *call) bool {
	for _, rule := range c.old.DestinationRules {
		of := c.old.Resolve(rule.Spec.GetHost(), rule.Namespace).Service
		tls := rule.Spec.GetTrafficPolicy().GetTls()
		if of != nil && of.Name == one.name && of.Namespace == one.in && tls != nil && tls.GetMode().String() == "DISABLE" {
			return true
		}
	}
	return false
}
