package routing

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// claimPrefix begins the name of a header that stands for a claim of a verified token.
// https://istio.io/latest/docs/tasks/security/authentication/jwt-route/
const claimPrefix = "@request.auth.claims"

// claims checks that gateways whose routes look at claims verify tokens: without a RequestAuthentication no call has any
// claim, and the route takes none.
func (c *checker) claims() {
	for _, vs := range c.VirtualServices {
		key, field := routesByClaim(vs.Spec)
		if key == "" {
			continue
		}
		for _, name := range gatewaysOf(vs) {
			if gateway := c.gateway(name); gateway != nil {
				c.verified(vs, gateway, key, field)
			}
		}
	}
}

func routesByClaim(spec *networking.VirtualService) (key, field string) {
	for i, route := range spec.Http {
		for j, match := range route.GetMatch() {
			place := diag.At(diag.At("spec.http", i)+".match", j)
			if key := claimIn(match.GetHeaders()); key != "" {
				return key, diag.Join(place+".headers", key)
			}
			if key := claimIn(match.GetWithoutHeaders()); key != "" {
				return key, diag.Join(place+".withoutHeaders", key)
			}
		}
	}
	return "", ""
}

func claimIn(headers map[string]*networking.StringMatch) string {
	for _, key := range slices.Sorted(maps.Keys(headers)) {
		if strings.HasPrefix(strings.ToLower(key), claimPrefix) {
			return key
		}
	}
	return ""
}

func (c *checker) verified(vs *virtualService, gateway *cluster.Object[*networking.Gateway], key, field string) {
	pods := 0
	for _, pod := range c.Pods {
		if !facts.Matches(gateway.Spec.Selector, pod.Labels) {
			continue
		}
		pods++
		if !c.authenticates(pod.Namespace, pod.Labels) {
			c.report(diag.Finding{
				Code: diag.ClaimsUnverified, Source: vs.At(field),
				Message: fmt.Sprintf("a route of %s matches %s, and no RequestAuthentication holds for %s behind %s: no call ever has the claim",
					vs.Resource, key, pod.Item.Resource(), gateway.Resource),
				Related: []diag.Source{pod.Source(pod.MetadataField("labels"))},
				Try:     "a RequestAuthentication in the namespace of the gateway's pods that selects them",
			})
			return
		}
	}
	if pods == 0 && !c.authenticates("", gateway.Spec.Selector) {
		c.report(diag.Finding{
			Code: diag.UncheckedClaims, Severity: diag.Info, Source: vs.At(field),
			Message: fmt.Sprintf("not checked: whether a RequestAuthentication holds at %s, as the match of %s in %s needs; the build has neither it nor the gateway's pods",
				gateway.Resource, key, vs.Resource),
			Try: "add both to the build, or see to it where the gateway is installed",
		})
	}
}

// authenticates reports whether a RequestAuthentication holds for pods with some labels. Without a namespace, those of every
// namespace count.
func (c *checker) authenticates(namespace string, labels map[string]string) bool {
	for _, policy := range c.RequestAuthentications {
		if namespace != "" && policy.Namespace != namespace && policy.Namespace != c.Istio.RootNamespace {
			continue
		}
		selector := policy.Spec.GetSelector().GetMatchLabels()
		if len(selector) == 0 || facts.Matches(selector, labels) {
			return true
		}
	}
	return false
}
