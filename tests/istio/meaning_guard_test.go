package istio

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"

	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	authz "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/ext_authz/v3"
	jwt "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/jwt_authn/v3"
	rbac "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/rbac/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	streams "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/rbac/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"istio.io/istio/pilot/pkg/simulation"
	"istio.io/istio/pilot/test/xdstest"
)

// fetchKeys stands in for the world from which istiod fetches keys, as its proxy: the key of plain HTTP is called like the
// address that was asked for, and nothing else can be had. Go reads who the proxy is once, so it has to be there before any test.
func fetchKeys() error {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodConnect:
			w.WriteHeader(http.StatusForbidden)
		case r.URL.Path == "/.well-known/openid-configuration":
			fmt.Fprintf(w, `{"jwks_uri": "http://%s/discovered"}`, r.URL.Host)
		default:
			fmt.Fprintf(w, `{"keys": [{"kty": "oct", "k": "AA", "kid": "%s"}]}`, r.URL)
		}
	}))
	return errors.Join(os.Setenv("HTTP_PROXY", server.URL), os.Setenv("HTTPS_PROXY", server.URL))
}

// keyName finds what the keys are called that a proxy has for an issuer.
var keyName = regexp.MustCompile(`"kid": "(http[^"]*)"`)

// token is what a call brings with it: the claims of a token whose signature is good, and the header that carries it.
type token struct {
	Claims map[string]any `json:"claims"`
	In     string         `json:"in"` // authorization, unless it is another one
}

// guarded says what the filters of the chain that takes a call make of it: `allowed`, `denied`, or `invalid` for a token
// that is not accepted; which authorizer is asked; what a dry run would have done; and whether the token is handed on.
type guarded struct {
	call    *callee
	token   *token
	payload map[string]any // what a filter has verified
	matched []string       // prefixes of policies of authorizers that take the call in
	port    int
	out     map[string]any
}

// guard adds the verdict on a call to what is known of it.
func (w *world) guard(from *proxyConfig, found simulation.Result, a *assertion, to *callee, out map[string]any) error {
	at := xdstest.ExtractListener(found.ListenerMatched, from.listeners)
	if at == nil {
		return nil
	}
	port := to.port
	if number := at.GetAddress().GetSocketAddress().GetPortValue(); a.Gateway != nil {
		port = int(number)
	}
	g := &guarded{call: to, token: a.Token, port: port, out: out}
	out["access"] = "allowed"
	for _, chain := range append([]*listener.FilterChain{at.DefaultFilterChain}, at.FilterChains...) {
		if chain == nil || chain.Name != found.FilterChainMatched {
			continue
		}
		if manager := xdstest.ExtractHTTPConnectionManager(w.t, chain); manager != nil {
			return g.requests(manager)
		}
		return g.connections(chain)
	}
	return nil
}

func (g *guarded) connections(chain *listener.FilterChain) error {
	for _, filter := range chain.Filters {
		config := &streams.RBAC{}
		if !filter.GetTypedConfig().MessageIs(config) {
			continue
		}
		if err := filter.GetTypedConfig().UnmarshalTo(config); err != nil {
			return err
		}
		if err := g.rules(config.GetRules(), config.GetShadowRules(), config.GetShadowRulesStatPrefix()); err != nil {
			return err
		}
	}
	return nil
}

func (g *guarded) requests(manager *hcm.HttpConnectionManager) error {
	for _, filter := range manager.HttpFilters {
		config := filter.GetTypedConfig()
		tokens, rules, asks := &jwt.JwtAuthentication{}, &rbac.RBAC{}, &authz.ExtAuthz{}
		var err error
		switch {
		case config.MessageIs(tokens):
			err = decode(config, tokens)
			g.verify(tokens)
		case config.MessageIs(rules):
			if err = decode(config, rules); err == nil {
				err = g.rules(rules.GetRules(), rules.GetShadowRules(), rules.GetShadowRulesStatPrefix())
			}
		case config.MessageIs(asks):
			err = decode(config, asks)
			g.ask(asks)
		}
		if err != nil || g.out["access"] != "allowed" {
			return err
		}
	}
	return nil
}

func decode(from *anypb.Any, to proto.Message) error { return from.UnmarshalTo(to) }

// verify does what Envoy documents: a token where some provider looks for one has to be good for one of those that do.
// https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/jwt_authn_filter
func (g *guarded) verify(config *jwt.JwtAuthentication) {
	keys := map[string]any{}
	g.out["issuers"] = keys
	looked := false
	for _, name := range slices.Sorted(maps.Keys(config.Providers)) {
		provider := config.Providers[name]
		keys[provider.Issuer] = "unknown"
		if name := keyName.FindStringSubmatch(provider.GetLocalJwks().GetInlineString()); name != nil {
			keys[provider.Issuer] = name[1]
		}
		if g.token == nil || !looksIn(provider, g.token.header()) {
			continue
		}
		looked = true
		if g.payload != nil || g.token.Claims["iss"] != provider.Issuer || !audience(provider.Audiences, g.token.Claims["aud"]) {
			continue
		}
		g.payload = g.token.Claims
		g.out["forwarded"] = provider.Forward
	}
	if looked && g.payload == nil {
		g.out["access"] = "invalid"
	}
}

func (t *token) header() string {
	if t.In == "" {
		return "authorization"
	}
	return t.In
}

func looksIn(provider *jwt.JwtProvider, header string) bool {
	if len(provider.FromHeaders) == 0 {
		return header == "authorization"
	}
	return slices.ContainsFunc(provider.FromHeaders, func(h *jwt.JwtHeader) bool {
		return strings.EqualFold(h.Name, header) && (h.ValuePrefix == "Bearer ") == (header == "authorization")
	})
}

func audience(wanted []string, got any) bool {
	return len(wanted) == 0 || slices.ContainsFunc(wanted, func(one string) bool {
		list, _ := got.([]any)
		return got == one || slices.Contains(list, any(one))
	})
}

// ask notes which authorizer is asked about the call.
func (g *guarded) ask(config *authz.ExtAuthz) {
	prefix := config.GetFilterEnabledMetadata().GetValue().GetStringMatch().GetPrefix()
	if !slices.ContainsFunc(g.matched, func(policy string) bool { return strings.HasPrefix(policy, prefix) }) {
		return
	}
	name := config.GetGrpcService().GetEnvoyGrpc().GetClusterName()
	if http := config.GetHttpService(); http != nil {
		name = http.GetServerUri().GetCluster()
	}
	g.out["asks"] = name
}
