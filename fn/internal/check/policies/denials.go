package policies

import (
	"fmt"
	"slices"
	"strconv"

	security "istio.io/api/security/v1"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// denials finds DENY rules that refuse more than they say, because a workload also has ports that are not HTTP. Where all
// of its ports are, the rule does what it says.
func (c *checker) denials(policy *authorizationPolicy) {
	if policy.Spec.GetAction() != security.AuthorizationPolicy_DENY || asksOnly(policy) { // Of its ports the plan has spoken.
		return
	}
	http, other, known := c.split(policy)
	if known && (len(other) == 0 || len(http) == 0) {
		return // With no port of HTTP, httpOnTCP says that the rule is wrong as a whole.
	}
	for i, rule := range policy.Spec.GetRules() {
		if !onlyHTTP(rule) {
			continue
		}
		finding := diag.Finding{
			Code: diag.DenyOnTCP, Severity: diag.Warning, Source: policy.At(diag.At("spec.rules", i)),
			Message: fmt.Sprintf("this rule of %s refuses every connection to ports that are not HTTP, and which ports its workloads have cannot be told", policy.Resource),
			Because: []string{"Istio leaves out of a DENY rule what it cannot see"},
			Try:     "name the HTTP ports of the pods under operation, such as ports: [\"8080\"]",
		}
		if known {
			finding.Message = fmt.Sprintf("this rule of %s refuses every connection to port %d, which is %s", policy.Resource, other[0].number, other[0].port.Protocol)
			finding.Related = []diag.Source{other[0].service.Source(other[0].port.Field)}
			finding.Try = "ports: [" + quoted(http) + "] under operation"
		}
		c.report(finding)
	}
}

// split lists the ports of the workloads of a policy: the numbers of those that are HTTP, and the others.
func (c *checker) split(policy *authorizationPolicy) (http []string, other []inbound, known bool) {
	reach := c.reach(policy.Meta)
	known = len(reach.Pods) > 0 && !reach.Elsewhere && policy.Namespace != c.Istio.RootNamespace
	for _, pod := range reach.Pods {
		ports, complete := inboundOf(pod)
		known = known && complete
		for _, port := range ports {
			number := strconv.Itoa(int(port.number))
			switch {
			case !port.port.Protocol.Routable():
				other = append(other, port)
			case !slices.Contains(http, number):
				http = append(http, number)
			}
		}
	}
	return http, other, known
}

// onlyHTTP reports whether a rule has nothing to tell ports or connections apart with, as Istio's validation sees it.
// https://github.com/istio/istio/blob/master/pkg/config/validation/validation.go
func onlyHTTP(rule *security.Rule) bool {
	if len(rule.GetTo()) > 0 {
		return !slices.ContainsFunc(rule.GetTo(), func(to *security.Rule_To) bool {
			return len(to.GetOperation().GetPorts())+len(to.GetOperation().GetNotPorts()) > 0
		})
	}
	return len(rule.GetFrom()) > 0 && !slices.ContainsFunc(rule.GetFrom(), func(from *security.Rule_From) bool {
		source := from.GetSource()
		return len(source.GetPrincipals())+len(source.GetNotPrincipals())+len(source.GetNamespaces())+len(source.GetNotNamespaces())+
			len(source.GetServiceAccounts())+len(source.GetNotServiceAccounts())+len(source.GetIpBlocks())+len(source.GetNotIpBlocks())+
			len(source.GetRemoteIpBlocks())+len(source.GetNotRemoteIpBlocks()) > 0
	})
}
