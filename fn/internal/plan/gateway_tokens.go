package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// sameAuthorizer refuses a second authorizer at a gateway. Istio refuses every call of a workload with two of them, unless
// istiod has PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS, which no profile says.
// https://github.com/istio/istio/blob/master/pilot/pkg/security/authz/builder/builder.go
func (p *planner) sameAuthorizer(guard *Guard, asks *gatewayWish) bool {
	provider := asks.tokens.ExtAuthz.Provider
	for _, other := range append(p.guardsAt(asks.gateway.Name), guard) {
		if other == nil || other.Authorizer == nil || provider == nil || other.Authorizer.Provider.V == *provider {
			continue
		}
		p.report(diag.Finding{
			Code: diag.TokensAtGateway, Source: asks.within("extAuthz").At,
			Message: fmt.Sprintf("gateway %q would ask two authorizers, %q here and %q for another host or path, and Istio refuses every call then", asks.gateway.Name, *provider, other.Authorizer.Provider.V),
			Related: []diag.Source{other.Authorizer.Provider.From.At}, Try: "the same provider for all hosts of the gateway",
		})
		return false
	}
	return true
}

// guardsAt lists what guards the hosts of a gateway, as far as it is decided.
func (p *planner) guardsAt(gateway string) []*Guard {
	var guards []*Guard
	for i := range p.out.Entries {
		if entry := &p.out.Entries[i]; entry.Gateway == gateway && entry.Guard != nil {
			guards = append(guards, entry.Guard)
		}
	}
	return guards
}

// checkGatewayTokens looks at all tokens of a gateway together. Its pods check them in one place, whatever the host of a
// call is.
func (p *planner) checkGatewayTokens() {
	for i := range p.spec.Gateways {
		gateway := &p.spec.Gateways[i]
		guards := p.guardsAt(gateway.Name)
		var tokens []Token
		for _, guard := range guards {
			tokens = append(tokens, guard.Tokens...)
		}
		if len(guards) > 0 && gateway.HTTPTarget == 0 {
			p.sayEveryPort(gateway, guards[0])
		}
		if len(tokens) == 0 {
			continue
		}
		p.checkIssuers(gateway, tokens)
		for j := range p.spec.Services {
			p.checkBehind(&p.spec.Services[j], gateway, tokens)
		}
		p.sayOthers(gateway, tokens)
	}
}

// checkIssuers refuses two rules about one issuer that differ in more than the audiences, which the policies look at again: a
// token that one of the two accepts is a token for both.
func (p *planner) checkIssuers(gateway *spec.Gateway, tokens []Token) {
	for i := range tokens {
		for j := range i {
			if tokens[i].Issuer.V != tokens[j].Issuer.V || sameToken(&tokens[i], &tokens[j]) {
				continue
			}
			p.report(diag.Finding{
				Code: diag.TokensAtGateway, Source: tokens[i].From.At,
				Message: fmt.Sprintf("tokens of issuer %q have other keys or headers, or are handed on otherwise, for another host or path of gateway %q, which takes either for both",
					tokens[i].Issuer.V, gateway.Name),
				Related: []diag.Source{tokens[j].From.At}, Try: "the same jwksUri, fromHeaders and forwardOriginalToken in both places, such as by a preset",
			})
			break
		}
	}
}

// checkBehind finds a Service whose own demand for a token nobody can meet who comes through the gateway.
func (p *planner) checkBehind(service *spec.Service, gateway *spec.Gateway, tokens []Token) {
	if service.Expose[gateway.Name] == nil || service.Workload.Settings.Auth == nil {
		return
	}
	jwt := service.Workload.Settings.Auth.JWT
	if jwt == nil || jwt.Off() || jwt.Issuer == nil {
		return
	}
	var beside *Token
	known := false
	for i := range tokens {
		token := &tokens[i]
		if !sharesHeader(token, jwt) {
			continue
		}
		beside = token
		if token.Issuer.V != *jwt.Issuer {
			continue
		}
		known = true
		if !token.Forward.V {
			p.report(diag.Finding{
				Code: diag.TokensAtGateway, Source: service.Workload.Origins.Within("auth.jwt").At,
				Message: fmt.Sprintf("Service %q asks for a token that gateway %q takes out of the request once it has checked it, so every call from there is refused", service.Facts.Name, gateway.Name),
				Related: []diag.Source{token.From.At}, Try: "forwardOriginalToken: true at the gateway, or one of the two without jwt",
			})
			return
		}
	}
	if beside == nil || known {
		return
	}
	p.report(diag.Finding{
		Code: diag.TokensAtGateway, Source: service.Workload.Origins.Within("auth.jwt").At,
		Message: fmt.Sprintf("Service %q asks for a token of %q, and gateway %q, which exposes it, refuses tokens of issuers that no host there asks for", service.Facts.Name, *jwt.Issuer, gateway.Name),
		Related: []diag.Source{beside.From.At}, Try: "the same jwt below expose of the Service with forwardOriginalToken: true, or fromHeaders that differ",
	})
}

// sharesHeader reports whether a token is looked for where another one would be.
func sharesHeader(token *Token, jwt *v1alpha1.JWT) bool {
	standard := func(names []string) bool {
		return len(names) == 0 || slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, "authorization") })
	}
	mine, theirs := headersOf(token), jwt.FromHeaders
	return standard(mine) && standard(theirs) || slices.ContainsFunc(mine, func(name string) bool {
		return slices.ContainsFunc(theirs, func(other string) bool { return strings.EqualFold(name, other) })
	})
}

// sayOthers says what the gateway does from now on to hosts that nobody here knows.
func (p *planner) sayOthers(gateway *spec.Gateway, tokens []Token) {
	where := "the header Authorization or the parameter access_token"
	first := tokens[0]
	if names := headersOf(&first); len(names) > 0 {
		where = "the header " + names[0]
	}
	p.report(diag.Finding{
		Code: diag.TokensOfOthers, Severity: diag.Info, Source: first.From.At,
		Message: fmt.Sprintf("not checked: whether other hosts of gateway %q get tokens of other issuers in %s, which it refuses from now on, for every host", gateway.Name, where),
		Because: []string{"all tokens of a gateway are checked in one place: https://istio.io/latest/docs/reference/config/security/request_authentication/"},
		Try:     "fromHeaders with a header that only these hosts use, a gateway of their own, or auth of the Service itself",
	})
}

// sayEveryPort says what a policy without ports does at the gateway.
func (p *planner) sayEveryPort(gateway *spec.Gateway, guard *Guard) {
	p.report(diag.Finding{
		Code: diag.GatewayPortsGuard, Severity: diag.Info, Source: guard.From,
		Message: fmt.Sprintf("not checked: whether gateway %q has ports that are not HTTP, where auth refuses every connection because nobody says on which port its pods listen", gateway.Name),
		Related: []diag.Source{gateway.At},
		Try:     "gateways: {" + gateway.Name + ": {targetPorts: {http: 8080}}} in the MeshProfile: the targetPort of the gateway's Service",
	})
}
