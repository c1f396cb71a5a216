package plan

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// guard decides what calls to the pods of a workload have to bring with them. It holds for the pods, so that all Services
// of a workload have to ask for the same; what was written for one of them counts more than a default of another.
func (p *planner) guard(workload *facts.Workload, asked []*spec.Workload, pod *Pod) *Guard {
	if !p.sameDemands(workload, asked) {
		return nil
	}
	tokens, byToken := p.agreedAuth(workload, asked, "jwt", func(auth *v1alpha1.Auth) (any, bool) {
		return auth.JWT, auth.JWT != nil && auth.JWT.Off()
	})
	authorizer, byAuthorizer := p.agreedAuth(workload, asked, "extAuthz", func(auth *v1alpha1.Auth) (any, bool) { return auth.ExtAuthz, false })
	if tokens == nil && authorizer == nil {
		return nil
	}
	first := byToken
	if tokens == nil || authorizer != nil && byAuthorizer.within("extAuthz").Layer > byToken.within("jwt").Layer {
		first = byAuthorizer
	}
	from := first.origins.Within("auth")
	if !p.guards(workload, pod, from) {
		return nil
	}
	out := &Guard{
		From: from.At, Owner: first.settings.Owner.String(), Mesh: first.settings.Owner.At,
		DryRun: dryRun(asked, func(string, string, string, spec.Origin, spec.Origin) {}), // Those of callers say what disagrees.
	}
	scope, ok := p.guardedPorts(workload, pod, from)
	if !ok {
		return nil
	}
	if tokens != nil {
		p.demandToken(out, tokens.(*v1alpha1.JWT), byToken, []GuardedCalls{scope})
	}
	if authorizer != nil {
		p.askAuthorizer(out, authorizer.(*v1alpha1.ExtAuthz), byAuthorizer, []GuardedCalls{scope})
	}
	return p.attachGuard(workload, out, from)
}

// agreedAuth is what the Services of a workload ask for in one block, and who asks; nil for nothing.
func (p *planner) agreedAuth(workload *facts.Workload, asked []*spec.Workload, block string, get func(*v1alpha1.Auth) (value any, off bool)) (any, *wish) {
	var decided any
	var by *wish
	var off spec.Origin
	refuse := p.disagreement(diag.AuthConflict, workload)
	for _, settings := range asked {
		auth := settings.Settings.Auth
		if auth == nil {
			continue
		}
		w := &wish{settings: settings, origins: settings.Origins, path: "auth"}
		if auth.Off() {
			off = stronger(off, settings.Origins.Within("auth"))
			continue
		}
		value, turnedOff := get(auth)
		from := w.within(block)
		switch {
		case turnedOff:
			off = stronger(off, from)
		case reflect.ValueOf(value).IsNil():
		case decided == nil, from.Explicit() && !by.within(block).Explicit():
			decided, by = value, w
		case by.within(block).Explicit() && !from.Explicit():
		case !reflect.DeepEqual(value, decided):
			refuse("auth."+block, "another one", "one", from, by.within(block))
		}
	}
	switch {
	case decided == nil:
		return nil, nil
	case off.Explicit() && by.within(block).Explicit():
		refuse("auth."+block, "false", "set", off, by.within(block))
		return nil, nil
	case off.Explicit():
		return nil, nil
	}
	return decided, by
}

// sameDemands refuses two Meshes that ask different things of calls to the same pods: there is one guard for all, and one of
// them would turn off what the other asks for.
func (p *planner) sameDemands(workload *facts.Workload, asked []*spec.Workload) bool {
	var first *spec.Workload
	for _, settings := range asked {
		switch auth := settings.Settings.Auth; {
		case auth == nil:
		case first == nil:
			first = settings
		case settings.Owner != first.Owner && !reflect.DeepEqual(auth, first.Settings.Auth):
			p.disagreement(diag.AuthConflict, workload)("auth", "another one", "one", settings.Origins.Within("auth"), first.Origins.Within("auth"))
			return false
		}
	}
	return true
}

// dryRun decides whether anything is refused, which is of the pods, whichever of their Services says it.
func dryRun(asked []*spec.Workload, refuse disagreement) Value[bool] {
	var decided Value[bool]
	for _, settings := range asked {
		if auth := settings.Settings.Auth; auth != nil {
			decided = one("auth.dryRun", decided, given(auth.DryRun, settings.Origins.Of("auth.dryRun")), refuse)
		}
	}
	if !decided.V {
		return Value[bool]{}
	}
	return decided
}

// guards asks whether the pods have sidecars that can refuse anything.
func (p *planner) guards(workload *facts.Workload, pod *Pod, from spec.Origin) bool {
	if workload.Gateway() {
		return false
	}
	return p.needsSidecar(workload, pod.Sidecar, "auth", from, diag.Finding{
		Code:    diag.AuthNoSidecar,
		Message: fmt.Sprintf("auth is what sidecars ask for, and the pods of %s %q get none, so they take every call", workload.Kind, workload.Name),
	})
}

// demandToken adds a token and the demand for it. Istio lets in calls without any token otherwise.
// https://istio.io/latest/docs/concepts/security/#request-authentication
func (p *planner) demandToken(guard *Guard, asked *v1alpha1.JWT, w *wish, scopes []GuardedCalls) {
	token, ok := p.tokenOf(asked, w)
	if !ok {
		return
	}
	demand := p.demandOf(asked, &token, w)
	demand.Scopes = p.except(scopes, asked.ExceptPaths, w.of("jwt.exceptPaths"))
	if !hasToken(guard.Tokens, &token) {
		guard.Tokens = append(guard.Tokens, token)
	}
	guard.Demands = append(guard.Demands, demand)
}

// hasToken reports whether the same token is checked already.
func hasToken(tokens []Token, token *Token) bool {
	for i := range tokens {
		if sameToken(&tokens[i], token) && reflect.DeepEqual(tokens[i].Audiences.V, token.Audiences.V) {
			return true
		}
	}
	return false
}

// sameToken reports whether two tokens are checked with the same keys, found in the same place and handed on alike.
func sameToken(a, b *Token) bool {
	return a.Issuer.V == b.Issuer.V && a.Keys.V == b.Keys.V && a.Forward.V == b.Forward.V && reflect.DeepEqual(headersOf(a), headersOf(b))
}

// askAuthorizer adds an authorizer.
func (p *planner) askAuthorizer(guard *Guard, asked *v1alpha1.ExtAuthz, w *wish, scopes []GuardedCalls) {
	from := w.of("extAuthz")
	from.Setting = w.path + ".extAuthz.provider"
	if asked.Provider == nil || *asked.Provider == "" {
		p.report(diag.Finding{
			Code: diag.BadValue, Source: from.At, Message: "extAuthz has no provider; allowed: the name of an extension provider of the MeshConfig",
			Try: "extAuthz: {provider: oauth2-proxy}",
		})
		return
	}
	p.checkAuthorizer(*asked.Provider, guard.DryRun, from)
	except := w.of("extAuthz")
	except.Setting = w.path + ".extAuthz.exceptPaths"
	scopes = p.except(scopes, asked.ExceptPaths, except)
	if guard.Authorizer == nil {
		guard.Authorizer = &Authorizer{Provider: Value[string]{*asked.Provider, from}}
	}
	guard.Authorizer.Scopes = append(guard.Authorizer.Scopes, scopes...)
}

// checkAuthorizer says that nobody knows a provider, and refuses a dry run, which Istio has for its own rules only: the
// rules of a CUSTOM policy become ones that refuse.
// https://github.com/istio/istio/blob/master/pilot/pkg/security/authz/builder/builder.go
func (p *planner) checkAuthorizer(provider string, dryRun Value[bool], from spec.Origin) {
	if dryRun.V {
		p.report(diag.Finding{
			Code: diag.AuthorizerDryRun, Source: dryRun.From.At,
			Message: fmt.Sprintf("dryRun does not go with extAuthz: with it, Istio refuses every call instead of asking %q", provider),
			Related: []diag.Source{from.At}, Try: "remove dryRun, or extAuthz until it is to hold",
		})
	}
	if len(p.spec.Istio.Mesh.ExtensionProviders) > 0 { // One that is not listed there is found on the output.
		return
	}
	p.report(diag.Finding{
		Code: diag.AuthorizerUnknown, Severity: diag.Info, Source: from.At,
		Message: fmt.Sprintf("not checked: whether the mesh has a provider %q, without which every call is refused; the profile does not list them", provider),
		Try:     "istio: {meshConfig: {extensionProviders: [" + provider + "]}} in the MeshProfile",
	})
}

// except takes paths out of scopes.
func (p *planner) except(scopes []GuardedCalls, paths []v1alpha1.PathMatch, from spec.Origin) []GuardedCalls {
	out := append([]GuardedCalls(nil), scopes...)
	if len(paths) == 0 {
		return out
	}
	taken := p.policyPaths(paths, from.At)
	if slices.Contains(taken, "/*") {
		p.report(diag.Finding{
			Code: diag.BadValue, Source: from.At,
			Message: `exceptPaths takes out "/", which is every path, so that nothing is asked of any call`,
			Try:     "the paths that need nothing, such as /healthz, {exact: /} for the first page, or jwt: false",
		})
	}
	for i := range out {
		out[i].Except = Value[[]string]{taken, from}
	}
	return out
}
