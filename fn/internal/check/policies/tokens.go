package policies

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	security "istio.io/api/security/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

type requestAuthentication = cluster.Object[*security.RequestAuthentication]

// tokens checks RequestAuthentications.
func (c *checker) tokens() {
	var deciding []*authorizationPolicy // by a token, or by a server that may read it
	for _, policy := range c.AuthorizationPolicies {
		if needsToken(policy) || policy.Spec.GetAction() == security.AuthorizationPolicy_CUSTOM {
			deciding = append(deciding, policy)
		}
	}
	routed := c.routedByClaim()
	for _, object := range c.RequestAuthentications {
		if len(object.Spec.GetJwtRules()) > 0 && !routed && !c.required(object, deciding) {
			c.report(diag.Finding{
				Code: diag.TokenOptional, Severity: diag.Warning, Source: object.At("spec.jwtRules"),
				Message: fmt.Sprintf("%s refuses bad tokens and lets in calls without any: no AuthorizationPolicy of the build for the same workloads speaks of tokens", object.Resource),
				Try: "an AuthorizationPolicy for the same workloads with\n" +
					"rules: [{from: [{source: {requestPrincipals: [\"*\"]}}]}]",
			})
		}
	}
	c.unrestrictedKeys()
}

// required reports whether one of some policies is for the same workloads.
func (c *checker) required(object *requestAuthentication, policies []*authorizationPolicy) bool {
	mine := cluster.AttachmentOf(object.Meta)
	pods := c.reach(object.Meta).Pods
	return slices.ContainsFunc(policies, func(policy *authorizationPolicy) bool {
		theirs := cluster.AttachmentOf(policy.Meta)
		switch {
		case policy.Namespace == c.Istio.RootNamespace && theirs.Everything():
			return true
		case policy.Namespace == object.Namespace && (theirs.Everything() || sameAttachment(mine, theirs)):
			return true
		}
		return slices.ContainsFunc(c.reach(policy.Meta).Pods, func(pod *cluster.Pod) bool { return slices.Contains(pods, pod) })
	})
}

func sameAttachment(a, b cluster.Attachment) bool {
	if len(a.Targets) == 0 && len(b.Targets) == 0 {
		return maps.Equal(a.Labels, b.Labels)
	}
	return slices.ContainsFunc(a.Targets, func(mine cluster.Target) bool {
		return slices.ContainsFunc(b.Targets, func(theirs cluster.Target) bool { return mine.Kind == theirs.Kind && mine.Name == theirs.Name })
	})
}

// needsToken reports whether a policy speaks of what a token says.
func needsToken(policy *authorizationPolicy) (needed bool) {
	eachSource(policy, func(source *security.Source, _ string) {
		needed = needed || len(source.GetRequestPrincipals())+len(source.GetNotRequestPrincipals()) > 0
	})
	eachCondition(policy, func(condition *security.Condition, _ string) {
		needed = needed || strings.HasPrefix(condition.GetKey(), "request.auth.")
	})
	return needed
}

// routedByClaim reports whether a gateway routes by what tokens say, which is another reason to read them.
// https://istio.io/latest/docs/tasks/security/authentication/jwt-route/
func (c *checker) routedByClaim() bool {
	for _, object := range c.VirtualServices {
		for _, route := range object.Spec.GetHttp() {
			for _, match := range route.GetMatch() {
				for name := range match.GetHeaders() {
					if strings.HasPrefix(name, "@request.auth.claims") {
						return true
					}
				}
			}
		}
	}
	return false
}

// unrestrictedKeys finds an istiod in the build that may be made to fetch keys from anywhere.
func (c *checker) unrestrictedKeys() {
	var fetched []diag.Source
	for _, object := range c.RequestAuthentications {
		for i, rule := range object.Spec.GetJwtRules() {
			if rule.GetJwks() == "" {
				fetched = append(fetched, object.At(diag.At("spec.jwtRules", i)))
				break
			}
		}
	}
	if len(fetched) == 0 {
		return
	}
	for _, pod := range c.Pods {
		app, _ := pod.Item.String("metadata", "labels", "app")
		if pod.Kind != "Deployment" || app != "istiod" || blocksAddresses(pod) {
			continue
		}
		c.report(diag.Finding{
			Code: diag.UnrestrictedKeys, Severity: diag.Warning, Source: pod.Source("spec.template.spec.containers"),
			Message: fmt.Sprintf("%s fetches the keys of RequestAuthentications from any address that one names, those of the cluster included", pod.Item.Resource()),
			Related: fetched[:min(len(fetched), 5)],
			Try:     "the environment variable BLOCKED_CIDRS_IN_JWKS_URIS with the networks that istiod must not call, such as 169.254.0.0/16",
		})
	}
}

// blocksAddresses reads the environment of istiod's containers.
func blocksAddresses(pod *cluster.Pod) bool {
	containers := pod.Item.Lookup("spec", "template", "spec", "containers")
	if containers == nil {
		return false
	}
	for i := range containers.Content {
		field := diag.At("spec.template.spec.containers", i) + ".env"
		env := pod.Item.Field(field)
		if env == nil {
			continue
		}
		for j := range env.Content {
			name := pod.Item.Field(diag.At(field, j) + ".name")
			text := pod.Item.Field(diag.At(field, j) + ".value")
			if name != nil && name.Value == "BLOCKED_CIDRS_IN_JWKS_URIS" && text != nil && text.Value != "" {
				return true
			}
		}
	}
	return false
}
