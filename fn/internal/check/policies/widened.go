package policies

import (
	"fmt"
	"slices"

	"istio.io/api/annotation"
	security "istio.io/api/security/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// widened finds policies kept by hand that let in more than the generated one: a call is allowed when any of them allows it.
// https://istio.io/latest/docs/concepts/security/#implicit-enablement
func (c *checker) widened() {
	guarded := map[*cluster.Pod]*authorizationPolicy{}
	for _, policy := range c.AuthorizationPolicies {
		if !policy.ByHand() && enforced(policy) && policy.Spec.GetAction() == security.AuthorizationPolicy_ALLOW {
			for _, pod := range c.reach(policy.Meta).Pods {
				guarded[pod] = policy
			}
		}
	}
	for _, policy := range c.AuthorizationPolicies {
		if !policy.ByHand() || !enforced(policy) || policy.Spec.GetAction() != security.AuthorizationPolicy_ALLOW || len(policy.Spec.GetRules()) == 0 {
			continue
		}
		pods := c.reach(policy.Meta).Pods
		if i := slices.IndexFunc(pods, func(pod *cluster.Pod) bool { return guarded[pod] != nil }); i >= 0 {
			c.report(widening(policy, guarded[pods[i]], pods[i]))
		}
	}
}

// enforced reports whether a policy is more than tried out.
func enforced(policy *authorizationPolicy) bool {
	return policy.Annotations[annotation.IoIstioDryRun.Name] != "true"
}

func widening(policy, generated *authorizationPolicy, pod *cluster.Pod) diag.Finding {
	finding := diag.Finding{
		Code: diag.PolicyWidened, Severity: diag.Warning, Source: policy.At("spec.rules"),
		Message: fmt.Sprintf("%s lets in callers of %s %q beside those that the Mesh lists", policy.Resource, pod.Kind, pod.Name),
		Because: []string{"of several policies with the action ALLOW, one that allows a call is enough"},
		Related: []diag.Source{generated.At("spec")},
		Try:     "put these callers into callers and remove the policy, or keep all of them by hand: manage: {AuthorizationPolicy: false}",
	}
	for i, rule := range policy.Spec.GetRules() {
		if len(rule.GetFrom())+len(rule.GetTo())+len(rule.GetWhen()) == 0 {
			finding.Severity, finding.Source = diag.Error, policy.At(diag.At("spec.rules", i))
			finding.Message = fmt.Sprintf("%s lets everybody call %s %q, so the callers that the Mesh lists mean nothing", policy.Resource, pod.Kind, pod.Name)
		}
	}
	return finding
}
