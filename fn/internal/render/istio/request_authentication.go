package istio

import (
	security "istio.io/api/security/v1"
	typev1beta1 "istio.io/api/type/v1beta1"

	"github.com/meshfn/meshfn/fn/internal/plan"
)

// requestAuthentication says which tokens are checked, and where they are. Alone it refuses nobody who brings none.
// https://istio.io/latest/docs/reference/config/security/request_authentication/
func (r *renderer) requestAuthentication(g *plan.Guard, way string) {
	if len(g.Tokens) == 0 {
		return
	}
	spec := &security.RequestAuthentication{Selector: &typev1beta1.WorkloadSelector{MatchLabels: g.Selector}}
	for i := range g.Tokens {
		token := &g.Tokens[i]
		rule := &security.JWTRule{
			Issuer: token.Issuer.V, JwksUri: token.Keys.V, Audiences: token.Audiences.V, ForwardOriginalToken: token.Forward.V,
		}
		for _, header := range token.Headers {
			rule.FromHeaders = append(rule.FromHeaders, &security.JWTHeader{Name: header.Name, Prefix: header.Prefix})
		}
		spec.JwtRules = append(spec.JwtRules, rule)
	}
	r.add(header{
		apiVersion: securityVersion, kind: "RequestAuthentication", name: g.Name, namespace: g.Namespace, owner: g.Owner, from: g.From, way: way,
		beside: g.Beside,
	}, spec)
}
