package transition

import (
	"fmt"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// leaving finds callers that lose their sidecar while their callee accepts mutual TLS only. Where NEW still knows of the call,
// its own check has said so.
func (c *checker) leaving() {
	said := map[[2]string]bool{}
	for _, one := range c.calls {
		key := [2]string{one.subject, one.callee()}
		service := c.now.Service(one.name, one.in)
		if one.is || service == nil || said[key] {
			continue
		}
		for _, before := range one.before {
			after := c.podsAfter[podName(before)]
			if after == nil || !proxied(c.old, before) || c.now.DataplaneOf(after) != cluster.NoDataplane {
				continue
			}
			if mode, strict := c.allStrict(one, service); strict {
				said[key] = true
				c.report(diag.Finding{
					Code: diag.SidecarLost, Source: c.sidecarAt(before),
					Message: fmt.Sprintf("%s loses its sidecar, and %s, which it calls in the old build, accepts mutual TLS only: its calls fail", one.subject, one.callee()),
					Because: []string{mode.Who() + " says STRICT"},
					Related: []diag.Source{c.modeAt(one, mode), one.said()},
					Try: steps(
						fmt.Sprintf("take %s out of the code of %s, or let %s accept plain text", one.callee(), one.subject, one.callee()),
						"once its pods are replaced, take the sidecar away",
					),
				})
				break
			}
		}
	}
}

// allStrict reports whether pods of a callee refuse plain text on all ports that a call may be for.
func (c *checker) allStrict(one *call, service *facts.Service) (mode cluster.MTLS, strict bool) {
	for _, pod := range podsBehind(c.now, service) {
		if !proxied(c.now, pod) || pod.Gateway() {
			continue
		}
		targets := c.targets(one, service, pod)
		all := len(targets) > 0
		for _, target := range targets {
			at := c.now.MTLSOf(pod).Port(target)
			all = all && at.Mode == cluster.StrictMTLS
			mode = at
		}
		if all {
			return mode, true
		}
	}
	return mode, false
}

// mutual finds DestinationRules that begin to insist on mutual TLS while pods of the callee run without a sidecar. Without the
// rule, proxies look at each pod and use mutual TLS where it has one.
// https://istio.io/latest/docs/ops/configuration/traffic-management/tls-configuration/#auto-mtls
func (c *checker) mutual() {
	for _, rule := range c.now.DestinationRules {
		service := c.now.Resolve(rule.Spec.GetHost(), rule.Namespace).Service
		if service == nil || rule.Spec.GetTrafficPolicy().GetTls().GetMode() != networking.ClientTLSSettings_ISTIO_MUTUAL || c.insisted(rule) {
			continue
		}
		for _, after := range podsBehind(c.now, service) {
			before := c.podsBefore[podName(after)]
			if before == nil || c.without(before, after) != lacks || !proxied(c.now, after) {
				continue
			}
			field := "spec.trafficPolicy.tls.mode"
			c.report(diag.Finding{
				Code: diag.MutualBeforeSidecar, Source: written(c.to, rule.Meta, field, subjectOf(service), "patches"),
				Message: fmt.Sprintf("calls to %s are to use mutual TLS whatever the pod, and the pods of %s that run have no sidecar: calls to them fail until they are replaced",
					subjectOf(service), podName(before)),
				Because: []string{rule.String() + " says ISTIO_MUTUAL, which turns off that a caller looks whether a pod has a sidecar"},
				Related: []diag.Source{c.sidecarAt(before)},
				Try: steps(
					"add the sidecar without this mode; proxies use mutual TLS by themselves where both ends have one",
					"once all pods are replaced, add the mode, if it is needed at all",
				),
			})
			break
		}
	}
}

// insisted reports whether OLD had the same rule already.
func (c *checker) insisted(rule *destinationRule) bool {
	for _, before := range c.old.DestinationRules {
		if before.Namespace == rule.Namespace && before.Name == rule.Name {
			return before.Spec.GetTrafficPolicy().GetTls().GetMode() == networking.ClientTLSSettings_ISTIO_MUTUAL
		}
	}
	return false
}
