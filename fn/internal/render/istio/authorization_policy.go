package istio

import (
	"strconv"
	"strings"

	"istio.io/api/annotation"
	security "istio.io/api/security/v1"
	types "istio.io/api/type/v1beta1"

	"github.com/meshfn/meshfn/fn/internal/plan"
)

// authorizationPolicy allows the callers of the pods of a workload. That it is there refuses all others, also where it has no
// rules.
// https://istio.io/latest/docs/concepts/security/#implicit-enablement
func (r *renderer) authorizationPolicy(pod *plan.Pod) {
	a := pod.Authorization
	if a == nil {
		return
	}
	h := header{
		apiVersion: securityVersion, kind: "AuthorizationPolicy", name: a.Name, namespace: pod.Namespace, owner: a.Owner, from: a.From.At,
		annotations: map[string]any{syncWave: strictWave},
	}
	if a.DryRun.V {
		h.annotations[annotation.IoIstioDryRun.Name] = "true"
	}
	spec := &security.AuthorizationPolicy{Selector: &types.WorkloadSelector{MatchLabels: a.Selector}}
	for i := range a.Permissions {
		spec.Rules = append(spec.Rules, permission(&a.Permissions[i], a.TrustDomain.V))
	}
	r.add(h, spec)
}

// permission is one rule. Accounts and namespaces are two sources, because the fields of one have to match together.
func permission(p *plan.Permission, domain string) *security.Rule {
	rule := &security.Rule{}
	if len(p.Accounts) > 0 {
		source := &security.Source{}
		for _, account := range p.Accounts {
			namespace, name, _ := strings.Cut(account, "/")
			source.Principals = append(source.Principals, domain+"/ns/"+namespace+"/sa/"+name)
		}
		rule.From = append(rule.From, &security.Rule_From{Source: source})
	}
	if len(p.Namespaces) > 0 {
		rule.From = append(rule.From, &security.Rule_From{Source: &security.Source{Namespaces: p.Namespaces}})
	}
	operation := &security.Operation{Methods: p.Methods, Paths: p.Paths}
	for _, port := range p.Ports {
		operation.Ports = append(operation.Ports, strconv.Itoa(int(port)))
	}
	if len(operation.Ports)+len(operation.Methods)+len(operation.Paths) > 0 {
		rule.To = []*security.Rule_To{{Operation: operation}}
	}
	return rule
}
