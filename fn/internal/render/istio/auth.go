package istio

import (
	"strconv"

	security "istio.io/api/security/v1"
	typev1beta1 "istio.io/api/type/v1beta1"

	"github.com/meshfn/meshfn/fn/internal/plan"
)

// dryRunAnnotation makes proxies write down what a policy would do, and do nothing.
// https://istio.io/latest/docs/tasks/security/authorization/authz-dry-run/
const dryRunAnnotation = "istio.io/dry-run"

// guard writes what calls have to bring with them. Nothing here allows anything: an ALLOW policy would refuse everything
// else that reaches the same pods.
func (r *renderer) guard(g *plan.Guard, way string) {
	if g == nil {
		return
	}
	r.requestAuthentication(g, way)
	selector := &typev1beta1.WorkloadSelector{MatchLabels: g.Selector}
	h := header{apiVersion: securityVersion, kind: "AuthorizationPolicy", namespace: g.Namespace, owner: g.Owner, from: g.From, way: way, beside: g.Beside}
	if !g.DryRun.IsZero() {
		h.annotations = map[string]any{dryRunAnnotation: strconv.FormatBool(g.DryRun.V)}
	}
	if len(g.Demands) > 0 {
		h.name = g.DemandName
		spec := &security.AuthorizationPolicy{Selector: selector, Action: security.AuthorizationPolicy_DENY}
		for i := range g.Demands {
			spec.Rules = append(spec.Rules, refusals(&g.Demands[i])...)
		}
		r.add(h, spec)
	}
	if g.Authorizer != nil {
		h.name = g.AskName
		r.add(h, &security.AuthorizationPolicy{
			Selector: selector, Action: security.AuthorizationPolicy_CUSTOM,
			ActionDetail: &security.AuthorizationPolicy_Provider{Provider: &security.AuthorizationPolicy_ExtensionProvider{Name: g.Authorizer.Provider.V}},
			Rules:        []*security.Rule{{To: operations(g.Authorizer.Scopes)}},
		})
	}
}

// refusals are the rules that refuse a call without a token of the issuer, for none of the audiences, or without one of the
// values of a claim. Each is a rule of its own, because what is missing of one is reason enough.
func refusals(d *plan.Demand) []*security.Rule {
	to := operations(d.Scopes)
	rules := []*security.Rule{{
		From: []*security.Rule_From{{Source: &security.Source{NotRequestPrincipals: []string{d.Issuer.V + "/*"}}}}, To: to,
	}}
	without := func(key string, values []string) {
		rules = append(rules, &security.Rule{To: to, When: []*security.Condition{{Key: key, NotValues: values}}})
	}
	if !d.Audiences.IsZero() {
		without("request.auth.audiences", d.Audiences.V)
	}
	for _, claim := range d.Claims {
		without("request.auth.claims"+claim.Key, claim.Values)
	}
	return rules
}

func operations(scopes []plan.GuardedCalls) []*security.Rule_To {
	var to []*security.Rule_To
	for i := range scopes {
		scope := &scopes[i]
		operation := &security.Operation{Hosts: scope.Hosts, Paths: scope.Paths}
		for _, port := range scope.Ports {
			operation.Ports = append(operation.Ports, strconv.Itoa(int(port)))
		}
		operation.NotPaths = append(operation.NotPaths, scope.Others...)
		operation.NotPaths = append(operation.NotPaths, scope.Except.V...)
		to = append(to, &security.Rule_To{Operation: operation})
	}
	return to
}
