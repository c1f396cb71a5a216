package istio

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	tcp "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/tcp_proxy/v3"
	matcher "github.com/envoyproxy/go-control-plane/envoy/type/matcher/v3"
	"google.golang.org/protobuf/proto"
	"istio.io/istio/pilot/pkg/simulation"
	"istio.io/istio/pilot/test/xdstest"
	corev1 "k8s.io/api/core/v1"
)

// callee is where a call goes to.
type callee struct {
	method, host, path string
	query              url.Values
	port               int
	http               bool
	headers            map[string]string
}

func calleeOf(a *assertion) (*callee, error) {
	if a.Stream != "" {
		host, port, err := net.SplitHostPort(a.Stream)
		if err != nil {
			return nil, err
		}
		number, err := strconv.Atoi(port)
		return &callee{host: host, port: number}, err
	}
	method, address, _ := strings.Cut(a.Request, " ")
	parsed, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	to := &callee{method: method, host: parsed.Hostname(), path: parsed.Path, query: parsed.Query(), port: 80, http: true, headers: a.Headers}
	if to.path == "" {
		to.path = "/"
	}
	if parsed.Port() != "" {
		to.port, err = strconv.Atoi(parsed.Port())
	}
	return to, err
}

// call says what a proxy does with a call: Istio's simulation finds listener, filter chain and virtual host, and
// firstRoute goes on where that looks at the path alone.
func (w *world) call(from *proxyConfig, a *assertion) (any, error) {
	to, err := calleeOf(a)
	if err != nil {
		return nil, err
	}
	call := simulation.Call{Address: w.address(to.host, from.namespace), Port: to.port, CallMode: simulation.CallModeOutbound, Protocol: simulation.TCP}
	switch {
	case a.Gateway != nil:
		call.CallMode = simulation.CallModeGateway
	case a.Server != "":
		call.CallMode, call.Address = simulation.CallModeInbound, ""
	}
	if call.Sni = a.SNI; a.SNI != "" {
		call.TLS = simulation.TLS
	}
	if a.TLS == "mutual" {
		call.TLS = simulation.MTLS
	}
	if to.http {
		call.Protocol, call.Path, call.HostHeader, call.Headers = simulation.HTTP, to.path, to.host, http.Header{}
	}
	found := from.simulated.Run(call)
	if found.Error != nil && !errors.Is(found.Error, simulation.ErrNoRoute) {
		return map[string]any{"error": found.Error.Error(), "listener": found.ListenerMatched}, nil
	}
	if a.Server != "" {
		out := map[string]any{"listener": found.ListenerMatched, "to": map[string]uint32{found.ClusterMatched: 100}}
		return out, w.guard(from, found, a, to, out)
	}
	out := map[string]any{"listener": found.ListenerMatched, "config": found.RouteConfigMatched, "host": found.VirtualHostMatched}
	if err := w.guard(from, found, a, to, out); err != nil {
		return nil, err
	}
	if found.VirtualHostMatched == "" {
		err := w.stream(from, found, out)
		return out, err
	}
	for _, host := range xdstest.ExtractRouteConfigurations(from.routes)[found.RouteConfigMatched].VirtualHosts {
		if host.Name != found.VirtualHostMatched {
			continue
		}
		taken := firstRoute(host, to)
		if taken == nil {
			out["error"] = simulation.ErrNoRoute.Error()
			return out, nil
		}
		action := taken.GetRoute()
		out["to"] = sharesOf(action)
		return out, errors.Join(putMessage(out, "match", taken.GetMatch()), putMessage(out, "route", action))
	}
	return nil, fmt.Errorf("no virtual host %s", found.VirtualHostMatched)
}

func putMessage(out map[string]any, name string, message proto.Message) error {
	value, err := asJSON(message)
	out[name] = value
	return err
}

// stream adds what a TCP listener does with a connection.
func (w *world) stream(from *proxyConfig, found simulation.Result, out map[string]any) error {
	at := xdstest.ExtractListener(found.ListenerMatched, from.listeners)
	for _, chain := range append([]*listener.FilterChain{at.DefaultFilterChain}, at.FilterChains...) {
		if chain == nil || chain.Name != found.FilterChainMatched {
			continue
		}
		proxy := xdstest.ExtractTCPProxy(w.t, chain)
		if proxy == nil {
			continue
		}
		shares := streamSharesOf(proxy)
		if _, taken := shares[found.ClusterMatched]; !taken && found.ClusterMatched != "" {
			continue // At a gateway, chains have no names.
		}
		out["to"] = shares
		return putMessage(out, "tcp", proxy)
	}
	return nil
}

func sharesOf(action *route.RouteAction) map[string]uint32 {
	shares := map[string]uint32{}
	if name := action.GetCluster(); name != "" {
		shares[name] = 100
	}
	for _, one := range action.GetWeightedClusters().GetClusters() {
		shares[one.Name] = one.Weight.GetValue()
	}
	return shares
}

func streamSharesOf(proxy *tcp.TcpProxy) map[string]uint32 {
	shares := map[string]uint32{}
	if name := proxy.GetCluster(); name != "" {
		shares[name] = 100
	}
	for _, one := range proxy.GetWeightedClusters().GetClusters() {
		shares[one.Name] = one.Weight
	}
	return shares
}

// address is where a caller finds a host: the address of the Service, or of a pod where it has none.
func (w *world) address(host, namespace string) string {
	if net.ParseIP(host) != nil {
		return host
	}
	for _, service := range w.in.services {
		names := []string{service.Name + "." + service.Namespace, service.Name + "." + service.Namespace + ".svc." + w.domain}
		if service.Namespace == namespace {
			names = append(names, service.Name)
		}
		for _, name := range names {
			if name != host {
				continue
			}
			if pods := w.in.behind(service); service.Spec.ClusterIP == corev1.ClusterIPNone && len(pods) > 0 {
				return pods[0].Status.PodIP
			}
			return service.Spec.ClusterIP
		}
	}
	return "192.0.2.1"
}

// firstRoute is the route that Envoy takes: the first whose conditions all hold.
func firstRoute(host *route.VirtualHost, to *callee) *route.Route {
	for _, candidate := range host.Routes {
		match := candidate.Match
		if pathMatches(match, to.path) && headersMatch(match.Headers, to) && queryMatches(match.QueryParameters, to.query) {
			return candidate
		}
	}
	return nil
}

func pathMatches(match *route.RouteMatch, path string) bool {
	switch kind := match.PathSpecifier.(type) {
	case *route.RouteMatch_Prefix:
		return strings.HasPrefix(path, kind.Prefix)
	case *route.RouteMatch_Path:
		return path == kind.Path
	case *route.RouteMatch_PathSeparatedPrefix:
		return path == kind.PathSeparatedPrefix || strings.HasPrefix(path, kind.PathSeparatedPrefix+"/")
	case *route.RouteMatch_SafeRegex:
		return regexp.MustCompile("^(?:" + kind.SafeRegex.Regex + ")$").MatchString(path)
	}
	return false
}

func headersMatch(conditions []*route.HeaderMatcher, to *callee) bool {
	for _, condition := range conditions {
		value, ok := to.headers[condition.Name]
		if condition.Name == ":method" {
			value, ok = to.method, true
		}
		holds := ok && textMatches(condition.GetStringMatch(), value)
		if condition.GetPresentMatch() {
			holds = ok
		}
		if holds == condition.InvertMatch {
			return false
		}
	}
	return true
}

func queryMatches(conditions []*route.QueryParameterMatcher, query url.Values) bool {
	for _, condition := range conditions {
		if !query.Has(condition.Name) {
			return false
		}
		if match := condition.GetStringMatch(); match != nil && !textMatches(match, query.Get(condition.Name)) {
			return false
		}
	}
	return true
}

func textMatches(match *matcher.StringMatcher, value string) bool {
	switch kind := match.GetMatchPattern().(type) {
	case *matcher.StringMatcher_Exact:
		return value == kind.Exact
	case *matcher.StringMatcher_Prefix:
		return strings.HasPrefix(value, kind.Prefix)
	case *matcher.StringMatcher_SafeRegex:
		return regexp.MustCompile("^(?:" + kind.SafeRegex.Regex + ")$").MatchString(value)
	}
	return false
}
