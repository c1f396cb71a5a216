package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// gatewayWish is what one Service asks of the calls that come through one gateway.
type gatewayWish struct {
	wish

	tokens  v1alpha1.Tokens
	service *spec.Service
	gateway *spec.Gateway
	from    spec.Origin
}

// wishAt is what a Service asks for at a gateway, nil for nothing.
func wishAt(service *spec.Service, gateway *spec.Gateway) *gatewayWish {
	auth, ok := service.AtGate[gateway.Name]
	if !ok || auth.Tokens.ExtAuthz == nil && (auth.Tokens.JWT == nil || auth.Tokens.JWT.Off()) {
		return nil
	}
	return &gatewayWish{
		wish: wish{origins: auth.Origins, path: auth.Path}, tokens: auth.Tokens, service: service, gateway: gateway,
		from: spec.Origin{Layer: spec.OwnEntry, At: service.At(auth.Path)},
	}
}

// entryGuard decides what calls to a host at a gateway have to bring with them. Its objects are beside the gateway's pods and
// speak of this host alone, because other hosts of the gateway belong to others.
func (p *planner) entryGuard(entry *Entry) *Guard {
	var guard *Guard
	for _, asks := range entry.wishes() {
		if !p.guardableHost(entry, asks) {
			continue
		}
		if guard == nil {
			guard = newEntryGuard(entry, asks)
		}
		if scopes, ok := p.entryScopes(entry, asks); ok {
			p.addWish(guard, asks, scopes)
		}
	}
	if guard == nil || !guard.says() {
		return nil
	}
	name := entry.Gateway + "-" + p.spec.Names.Of(entry.Host)
	if entry.Namespace != "" { // Another namespace may have an entry for the host, and the objects would be one.
		name += "-" + entry.Namespace
	}
	guard.named(shortened(strings.ReplaceAll(name, ".", "-")))
	return guard
}

// wishes lists what the Services of an entry ask for, each once.
func (entry *Entry) wishes() []*gatewayWish {
	var all []*gatewayWish
	for i := range entry.Paths {
		asks := entry.Paths[i].asks
		if asks != nil && !slices.ContainsFunc(all, func(other *gatewayWish) bool { return other.service == asks.service }) {
			all = append(all, asks)
		}
	}
	return all
}

func (p *planner) addWish(guard *Guard, asks *gatewayWish, scopes []GuardedCalls) {
	if jwt := asks.tokens.JWT; jwt != nil && !jwt.Off() {
		p.demandToken(guard, jwt, &asks.wish, scopes)
	}
	if asks.tokens.ExtAuthz != nil && p.sameAuthorizer(guard, asks) {
		p.askAuthorizer(guard, asks.tokens.ExtAuthz, &asks.wish, scopes)
	}
}

func newEntryGuard(entry *Entry, asks *gatewayWish) *Guard {
	gateway := asks.gateway
	return &Guard{
		Namespace: gateway.Namespace, Beside: true, Owner: entry.Owner, Selector: gateway.Selector,
		From: asks.from.At, Mesh: entry.Mesh, Hosts: entry.Hosts, GatewayAt: gateway.At, NamespaceAt: gateway.NamespaceAt,
		Labels: func(string) diag.Source { return gateway.SelectorAt },
	}
}

// guardableHost refuses a host with a wildcard. A policy compares the end of a host with what the caller writes, and a caller
// may write a port behind it, which a gateway does not mind: the call would get by.
// https://istio.io/latest/docs/ops/best-practices/security/#host-match-policies-on-gateways
func (p *planner) guardableHost(entry *Entry, asks *gatewayWish) bool {
	if !strings.HasPrefix(entry.Host, "*") {
		return true
	}
	p.report(diag.Finding{
		Code: diag.AuthAtGateway, Source: asks.from.At,
		Message: fmt.Sprintf("auth at a gateway cannot guard host %q: a caller who adds a port to a name below it, as in a%s:8080, would get by", entry.Host, entry.Host[1:]),
		Related: entry.Hosts, Try: "hosts without a wildcard, or auth of the Service itself",
	})
	return false
}

// entryScopes are the paths of a Service at a host, each without what is below it and goes to another Service.
func (p *planner) entryScopes(entry *Entry, asks *gatewayWish) ([]GuardedCalls, bool) {
	var scopes []GuardedCalls
	ok := true
	for i := range entry.Paths {
		own := &entry.Paths[i]
		if own.asks == nil || own.asks.service != asks.service {
			continue
		}
		if own.Path.Kind == Regex {
			p.report(diag.Finding{
				Code: diag.AuthAtGateway, Source: own.From,
				Message: fmt.Sprintf("auth at a gateway cannot guard %s of Service %q: a policy compares text only", own.Path, own.Service),
				Related: []diag.Source{asks.from.At}, Try: "a prefix or an exact path, or auth of the Service itself",
			})
			ok = false
			continue
		}
		scope := GuardedCalls{
			Hosts: []string{entry.Host, entry.Host + ":*"}, From: spec.Origin{Layer: spec.OwnEntry, At: entry.hostFrom(asks)},
			PathAt: own.From, PortFrom: asks.gateway.HTTPTargetFrom,
		}
		if asks.gateway.HTTPTarget != 0 {
			scope.Ports = []int32{asks.gateway.HTTPTarget}
		}
		if own.Path != (Path{Prefix, "/"}) {
			scope.Paths = asPolicyPaths(own.Path)
		}
		ok = p.leaveOthers(entry, own, asks, &scope) && ok
		scopes = append(scopes, scope)
	}
	return scopes, ok
}

// hostFrom is where the Service that asks for something names the host, or who names it first.
func (entry *Entry) hostFrom(asks *gatewayWish) diag.Source {
	hosts := asks.service.Expose[asks.gateway.Name].Hosts
	if i := slices.Index(hosts, entry.Host); i >= 0 {
		return asks.service.At(diag.At(diag.Join("expose", asks.gateway.Name)+".hosts", i))
	}
	return entry.From
}

// leaveOthers takes the paths of other Services out of a scope. What an expression takes cannot be taken out.
func (p *planner) leaveOthers(entry *Entry, own *EntryPath, asks *gatewayWish, scope *GuardedCalls) bool {
	ok := true
	for i := range entry.Paths {
		other := &entry.Paths[i]
		if other.Service == own.Service && other.Namespace == own.Namespace || own.Path.Kind == Exact {
			continue
		}
		switch {
		case other.Path.Kind == Regex:
			p.report(diag.Finding{
				Code: diag.AuthAtGateway, Source: asks.from.At,
				Message: fmt.Sprintf("%s of host %q, which goes to Service %q, cannot be left out of what is asked for at %s: a policy compares text only", other.Path, entry.Host, other.Service, own.Path),
				Related: []diag.Source{other.From}, Try: "a prefix or an exact path there, or auth of the Service itself here",
			})
			ok = false
		case other.Path.below(own.Path):
			scope.Others = append(scope.Others, asPolicyPaths(other.Path)...)
			scope.OthersAt = append(scope.OthersAt, other.From)
		}
	}
	return ok
}

// below reports whether a path is one that a prefix takes too, and that goes elsewhere because it is longer or exact.
func (p Path) below(prefix Path) bool {
	return prefix.Text == "/" || p.Text == prefix.Text && p.Kind == Exact || strings.HasPrefix(p.Text, prefix.Text+"/")
}

// asPolicyPaths writes a path as a policy has it.
func asPolicyPaths(path Path) []string {
	if path.Kind == Exact {
		return []string{path.Text}
	}
	prefix := strings.TrimSuffix(path.Text, "/")
	if prefix == "" {
		return []string{"/*"}
	}
	return []string{prefix, prefix + "/*"}
}
