package istio

import (
	"fmt"
	"slices"
	"strings"

	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	rbac "github.com/envoyproxy/go-control-plane/envoy/config/rbac/v3"
	httprbac "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/rbac/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	tcprbac "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/rbac/v3"
	"istio.io/istio/pilot/pkg/simulation"
	"istio.io/istio/pilot/test/xdstest"
)

// judgement is what the sidecar of some pods does with a call.
type judgement struct {
	Allowed bool   `json:"allowed"`
	Would   bool   `json:"would"` // be allowed if what is only tried out were real
	Why     string `json:"why"`
	Filters int    `json:"filters"` // how many filters guard the call
}

// judge finds the filter chain that takes a call, by Istio's own simulation of Envoy, and evaluates the filters in it that
// decide who may call.
func (p *proxyConfig) judge(call *inboundCall) (judgement, error) {
	chain, refused, err := p.chain(call)
	if err != nil || refused != "" {
		return judgement{Why: refused}, err
	}
	out := judgement{Allowed: true, Would: true, Why: "nothing refuses it"}
	for _, filter := range chain.Filters {
		guards, err := guardsOf(filter)
		if err != nil {
			return out, err
		}
		for _, guard := range guards {
			allowed, err := call.allows(guard.real)
			if err != nil {
				return out, fmt.Errorf("%s: %w", guard.name, err)
			}
			would, err := call.allows(guard.tried)
			if err != nil {
				return out, fmt.Errorf("%s: %w", guard.name, err)
			}
			out.Filters++
			out.Allowed, out.Would = out.Allowed && allowed, out.Would && allowed && would
			if !allowed {
				out.Why = guard.name + " of " + chain.Name
			}
		}
	}
	return out, nil
}

// chain is the filter chain that takes a call, or why there is none.
func (p *proxyConfig) chain(call *inboundCall) (found *listener.FilterChain, refused string, err error) {
	asked := simulation.Call{Port: int(call.port), CallMode: simulation.CallModeInbound, Protocol: simulation.TCP}
	transport := "raw_buffer"
	if call.principal != "" {
		asked.TLS, transport = simulation.MTLS, "tls"
	}
	if call.http {
		asked.Protocol, asked.Path, asked.HostHeader = simulation.HTTP, call.path, "pod"
	}
	result := p.simulated.Run(asked)
	if result.FilterChainMatched == "" {
		return nil, fmt.Sprint("the connection: ", result.Error), nil
	}
	at := xdstest.ExtractListener(result.ListenerMatched, p.listeners)
	for _, chain := range at.FilterChains {
		match := chain.GetFilterChainMatch()
		speaks := match.GetTransportProtocol() == "" || match.GetTransportProtocol() == transport
		if chain.Name != result.FilterChainMatched || !speaks {
			continue
		}
		if found != nil && !slices.Equal(namesOf(found), namesOf(chain)) {
			return nil, "", fmt.Errorf("two different filter chains have the name %s", chain.Name)
		}
		found = chain
	}
	if found == nil {
		return nil, "", fmt.Errorf("no filter chain %s", result.FilterChainMatched)
	}
	return found, "", nil
}

func namesOf(chain *listener.FilterChain) []string {
	var names []string
	for _, filter := range chain.Filters {
		names = append(names, filter.Name)
	}
	return names
}

// guard is one filter that decides who may call.
type guard struct {
	name        string
	real, tried *rbac.RBAC
}

// guardsOf lists the guards in a network filter.
func guardsOf(filter *listener.Filter) ([]guard, error) {
	config := filter.GetTypedConfig()
	switch {
	case config.MessageIs(&tcprbac.RBAC{}):
		one := &tcprbac.RBAC{}
		if err := config.UnmarshalTo(one); err != nil {
			return nil, err
		}
		if one.Matcher != nil || one.ShadowMatcher != nil {
			return nil, fmt.Errorf("%s has a matcher, which this test cannot evaluate", filter.Name)
		}
		return []guard{{filter.Name, one.Rules, one.ShadowRules}}, nil
	case config.MessageIs(&hcm.HttpConnectionManager{}):
		manager := &hcm.HttpConnectionManager{}
		if err := config.UnmarshalTo(manager); err != nil {
			return nil, err
		}
		var guards []guard
		for _, inner := range manager.HttpFilters {
			one := &httprbac.RBAC{}
			if !inner.GetTypedConfig().MessageIs(one) {
				continue
			}
			if err := inner.GetTypedConfig().UnmarshalTo(one); err != nil {
				return nil, err
			}
			if one.Matcher != nil || one.ShadowMatcher != nil {
				return nil, fmt.Errorf("%s has a matcher, which this test cannot evaluate", inner.Name)
			}
			guards = append(guards, guard{inner.Name, one.Rules, one.ShadowRules})
		}
		return guards, nil
	}
	return nil, nil
}

// accessOf reads the call of an assertion: GET /items on 8080, or a port alone.
func accessOf(a *assertion) (*inboundCall, error) {
	call := &inboundCall{}
	if a.As != "" {
		namespace, account, _ := strings.Cut(a.As, "/")
		call.principal = "spiffe://cluster.local/ns/" + namespace + "/sa/" + account
	}
	if words := strings.Fields(a.Access); len(words) == 4 && words[2] == "on" {
		call.http, call.method, call.path = true, words[0], words[1]
		_, err := fmt.Sscan(words[3], &call.port)
		return call, err
	}
	_, err := fmt.Sscan(a.Access, &call.port)
	return call, err
}
