package plan

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Balance is how a caller spreads its calls over pods.
type Balance struct {
	Algorithm Value[string] `json:"algorithm,omitzero"`
	Hash      *Hash         `json:"hash,omitempty"`
	Locality  *Locality     `json:"locality,omitempty"`
	Warmup    *Warmup       `json:"warmup,omitempty"`
}

// Hash is the key that ties calls to a pod; exactly one source is set.
type Hash struct {
	Header   Value[string]              `json:"header,omitzero"`
	Cookie   Value[v1alpha1.HTTPCookie] `json:"cookie,omitzero"`
	Query    Value[string]              `json:"query,omitzero"`
	SourceIP Value[bool]                `json:"sourceIP,omitzero"`
	Points   Value[int64]               `json:"points,omitzero"`
}

// Warmup gives new pods a growing share.
type Warmup struct {
	Duration Value[v1alpha1.Duration] `json:"duration"`
	Minimum  Value[int32]             `json:"minimum,omitzero"`
}

// balance decides the load balancing of a port. Where two layers contradict each other, the higher one speaks.
func (p *planner) balance(in *spec.Service, port *spec.Port, policy *Policy) *Balance {
	asked := port.Traffic.LoadBalancer
	if asked == nil || asked.Off() || !p.canBalance(in, port) {
		return nil
	}
	origin := func(field string) spec.Origin { return port.Origins.Of("loadBalancer." + field) }
	balance := &Balance{Algorithm: given(asked.Simple, origin("simple"))}
	if asked.ConsistentHash != nil {
		balance.Hash = p.hash(in, port, asked.ConsistentHash)
	}
	p.oneAlgorithm(in, port, balance)
	balance.Locality = localityOff(port, policy)
	if asksLocality(port) {
		balance.Locality = p.locality(in, port, asked.Locality, policy)
	}
	if asked.Warmup != nil {
		balance.Warmup = p.warmup(in, port, asked.Warmup, balance)
	}
	if *balance == (Balance{}) {
		return nil
	}
	return balance
}

func (p *planner) canBalance(in *spec.Service, port *spec.Port) bool {
	if !p.applies(in, port, "loadBalancer") {
		return false
	}
	if !in.Facts.Headless {
		return true
	}
	const why = "callers of a headless Service choose the pod themselves"
	origin := port.Origins.Within("loadBalancer")
	if !origin.Explicit() {
		p.skip(in, port, "loadBalancer", why, origin)
		return false
	}
	p.report(diag.Finding{
		Code: diag.LoadBalancerChoice, Source: origin.At,
		Message: fmt.Sprintf("loadBalancer has no effect on Service %q: %s", in.Facts.Name, why),
		Related: []diag.Source{in.Facts.Source("spec.clusterIP")},
		Try:     "loadBalancer: false, or give the Service a cluster IP",
	})
	return false
}

// oneAlgorithm settles simple against consistentHash.
func (p *planner) oneAlgorithm(in *spec.Service, port *spec.Port, balance *Balance) {
	if balance.Algorithm.IsZero() || balance.Hash == nil {
		return
	}
	hash := port.Origins.Within("loadBalancer.consistentHash")
	switch {
	case hash.Layer > balance.Algorithm.From.Layer:
		p.replaced(in, port, "loadBalancer.simple", "consistentHash of a higher layer replaces it", balance.Algorithm.From, hash)
		balance.Algorithm = Value[string]{}
	case hash.Layer < balance.Algorithm.From.Layer:
		p.replaced(in, port, "loadBalancer.consistentHash", "simple of a higher layer replaces it", hash, balance.Algorithm.From)
		balance.Hash = nil
	default:
		p.report(diag.Finding{
			Code: diag.LoadBalancerChoice, Source: balance.Algorithm.From.At,
			Message: "simple and consistentHash exclude each other",
			Related: []diag.Source{hash.At},
			Try:     "keep one of the two",
		})
	}
}

// hash decides the key of consistent hashing.
func (p *planner) hash(in *spec.Service, port *spec.Port, asked *v1alpha1.ConsistentHash) *Hash {
	origin := func(field string) spec.Origin { return port.Origins.Of("loadBalancer.consistentHash." + field) }
	hash := &Hash{
		Header: given(asked.HTTPHeaderName, origin("httpHeaderName")),
		Cookie: given(asked.HTTPCookie, port.Origins.Within("loadBalancer.consistentHash.httpCookie")),
		Query:  given(asked.HTTPQueryParameterName, origin("httpQueryParameterName")),
		Points: given(asked.MinimumRingSize, origin("minimumRingSize")),
	}
	if asked.UseSourceIP != nil && *asked.UseSourceIP {
		hash.SourceIP = given(asked.UseSourceIP, origin("useSourceIp"))
	}
	p.oneKey(in, port, hash)
	if receiving(in) > 1 {
		p.warnHashWithVersions(in, port)
	}
	if !hash.SourceIP.IsZero() {
		return hash
	}
	need := spec.Need{Port: facts.Protocol.Routable, Text: "an HTTP or gRPC port for anything but useSourceIp"}
	if !p.appliesWith(in, port, "loadBalancer.consistentHash", need) {
		return nil
	}
	return hash
}

// oneKey keeps the key of the highest layer, of which there has to be one.
func (p *planner) oneKey(in *spec.Service, port *spec.Port, hash *Hash) {
	origins := []struct {
		field string
		*spec.Origin
	}{
		{"httpHeaderName", &hash.Header.From},
		{"httpCookie", &hash.Cookie.From},
		{"httpQueryParameterName", &hash.Query.From},
		{"useSourceIp", &hash.SourceIP.From},
	}
	winner, keys := spec.Origin{}, 0
	for _, origin := range origins {
		winner = stronger(winner, *origin.Origin)
	}
	for _, origin := range origins {
		switch {
		case origin.Layer == spec.Unset:
		case origin.Layer < winner.Layer:
			p.replaced(in, port, "loadBalancer.consistentHash."+origin.field, "the key of a higher layer replaces it", *origin.Origin, winner)
			origin.Layer = spec.Unset
		default:
			keys++
		}
	}
	if keys == 1 {
		return
	}
	finding := diag.Finding{
		Code: diag.LoadBalancerChoice, Source: port.Origins.Within("loadBalancer.consistentHash").At,
		Message: "consistentHash has no key; it needs one of httpHeaderName, httpCookie, httpQueryParameterName and useSourceIp: true",
		Try:     "consistentHash: {httpHeaderName: x-user}",
	}
	if keys > 1 {
		finding.Message = fmt.Sprintf("consistentHash has %d keys; it needs exactly one of httpHeaderName, httpCookie, httpQueryParameterName and useSourceIp: true", keys)
		finding.Try = "keep one of them"
	}
	p.report(finding)
}

// warnHashWithVersions says that a key is tied to a pod only within a version: which version a call goes to is drawn first.
func (p *planner) warnHashWithVersions(in *spec.Service, port *spec.Port) {
	p.report(diag.Finding{
		Code: diag.LoadBalancerChoice, Severity: diag.Warning, Source: port.Origins.Within("loadBalancer.consistentHash").At,
		Message: fmt.Sprintf("calls with the same key may reach different versions of Service %q: the version is drawn by weight before the key counts", in.Facts.Name),
		Related: []diag.Source{in.At("versions")},
	})
}

// warmup decides the share of new pods. Envoy would silently not do it with other algorithms.
func (p *planner) warmup(in *spec.Service, port *spec.Port, asked *v1alpha1.Warmup, balance *Balance) *Warmup {
	origin := func(field string) spec.Origin { return port.Origins.Of("loadBalancer.warmup." + field) }
	warmup := &Warmup{Duration: span(asked.Duration, origin("duration")), Minimum: given(asked.MinimumPercent, origin("minimumPercent"))}
	if warmup.Duration.IsZero() {
		return nil
	}
	algorithm := balance.Algorithm.From
	switch {
	case balance.Hash != nil:
		algorithm = port.Origins.Within("loadBalancer.consistentHash")
	case balance.Algorithm.V != "RANDOM":
		return warmup
	}
	from := port.Origins.Within("loadBalancer.warmup")
	if from.Layer < algorithm.Layer {
		p.replaced(in, port, "loadBalancer.warmup", "it works only with LEAST_REQUEST and ROUND_ROBIN", from, algorithm)
		return nil
	}
	p.report(diag.Finding{
		Code: diag.LoadBalancerChoice, Source: from.At,
		Message: "warmup works only with LEAST_REQUEST and ROUND_ROBIN",
		Related: []diag.Source{algorithm.At},
		Try:     "simple: ROUND_ROBIN, or remove warmup",
	})
	return nil
}
