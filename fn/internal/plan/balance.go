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

// Locality keeps calls near the caller.
type Locality struct {
	Failover   Value[[]v1alpha1.LocalityFailover]   `json:"failover,omitzero"`
	Priority   Value[[]string]                      `json:"priority,omitzero"`
	Distribute Value[[]v1alpha1.LocalityDistribute] `json:"distribute,omitzero"`
	From       spec.Origin                          `json:"-"`
}

// Warmup gives new pods a growing share.
type Warmup struct {
	Duration Value[v1alpha1.Duration] `json:"duration"`
	Minimum  Value[int32]             `json:"minimum,omitzero"`
}

func asksLocality(port *spec.Port) bool {
	asked := port.Traffic.LoadBalancer
	return asked != nil && !asked.Off() && asked.Locality != nil && !asked.Locality.Off()
}

// balance decides the load balancing of a port.
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
	p.oneAlgorithm(port, balance)
	if asksLocality(port) {
		balance.Locality = p.locality(port, asked.Locality, policy)
	}
	if asked.Warmup != nil && asked.Warmup.Duration != nil {
		balance.Warmup = &Warmup{
			Duration: given(asked.Warmup.Duration, origin("warmup.duration")),
			Minimum:  given(asked.Warmup.MinimumPercent, origin("warmup.minimumPercent")),
		}
		p.refuseIgnoredWarmup(port, balance)
	}
	if *balance == (Balance{}) {
		return nil
	}
	return balance
}

func (p *planner) canBalance(in *spec.Service, port *spec.Port) bool {
	notUDP := func(protocol facts.Protocol) bool { return protocol != facts.UDP }
	if !p.applies(in, port, "loadBalancer", notUDP, "a TCP port") {
		return false
	}
	if !in.Facts.Headless {
		return true
	}
	if origin := port.Origins.Within("loadBalancer"); origin.Explicit() {
		p.report(diag.Finding{
			Code: diag.LoadBalancerChoice, Source: origin.At,
			Message: fmt.Sprintf("loadBalancer has no effect on headless Service %q, whose callers choose the pod themselves", in.Facts.Name),
			Related: []diag.Source{in.Facts.Source("spec.clusterIP")},
			Try:     "loadBalancer: false, or give the Service a cluster IP",
		})
	}
	return false
}

// oneAlgorithm settles simple against consistentHash: the higher layer speaks; in one layer they contradict each other.
func (p *planner) oneAlgorithm(port *spec.Port, balance *Balance) {
	if balance.Algorithm.IsZero() || balance.Hash == nil {
		return
	}
	hash := port.Origins.Within("loadBalancer.consistentHash")
	switch {
	case hash.Layer > balance.Algorithm.From.Layer:
		balance.Algorithm = Value[string]{}
	case hash.Layer < balance.Algorithm.From.Layer:
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
		Cookie: given(asked.HTTPCookie, origin("httpCookie")),
		Query:  given(asked.HTTPQueryParameterName, origin("httpQueryParameterName")),
		Points: given(asked.MinimumRingSize, origin("minimumRingSize")),
	}
	if asked.UseSourceIP != nil && *asked.UseSourceIP {
		hash.SourceIP = given(asked.UseSourceIP, origin("useSourceIp"))
	}
	p.oneKey(port, hash)
	if len(in.Versions) > 1 {
		p.warnHashWithVersions(in, port)
	}
	if !hash.SourceIP.IsZero() {
		return hash
	}
	if !p.applies(in, port, "loadBalancer.consistentHash", facts.Protocol.Routable, "an HTTP or gRPC port for anything but useSourceIp") {
		return nil
	}
	return hash
}

func (p *planner) oneKey(port *spec.Port, hash *Hash) {
	keys := 0
	for _, absent := range []bool{hash.Header.IsZero(), hash.Cookie.IsZero(), hash.Query.IsZero(), hash.SourceIP.IsZero()} {
		if !absent {
			keys++
		}
	}
	if keys == 1 {
		return
	}
	p.report(diag.Finding{
		Code: diag.LoadBalancerChoice, Source: port.Origins.Within("loadBalancer.consistentHash").At,
		Message: fmt.Sprintf("consistentHash has %d keys; it needs exactly one of httpHeaderName, httpCookie, httpQueryParameterName, useSourceIp", keys),
		Try:     "consistentHash: {httpHeaderName: x-user}",
	})
}

// warnHashWithVersions says that a key is tied to a pod only within a version: which version a call goes to is drawn first.
func (p *planner) warnHashWithVersions(in *spec.Service, port *spec.Port) {
	p.report(diag.Finding{
		Code: diag.LoadBalancerChoice, Severity: diag.Warning, Source: port.Origins.Within("loadBalancer.consistentHash").At,
		Message: fmt.Sprintf("calls with the same key may reach different versions of Service %q: the version is drawn by weight before the key counts", in.Facts.Name),
		Related: []diag.Source{in.At("versions")},
	})
}

// locality decides how calls stay near. Without outlier detection Envoy would not know when to leave, so ejection was
// turned on with it; turned off by hand, the two contradict each other.
func (p *planner) locality(port *spec.Port, asked *v1alpha1.Locality, policy *Policy) *Locality {
	origin := func(field string) spec.Origin { return port.Origins.Of("loadBalancer.locality." + field) }
	locality := &Locality{From: port.Origins.Within("loadBalancer.locality")}
	if asked.Failover != nil {
		locality.Failover = given(&asked.Failover, origin("failover"))
	}
	if asked.FailoverPriority != nil {
		locality.Priority = given(&asked.FailoverPriority, origin("failoverPriority"))
	}
	if asked.Distribute != nil {
		locality.Distribute = given(&asked.Distribute, origin("distribute"))
		p.checkDistribute(port, asked)
	}
	if detection := port.Traffic.OutlierDetection; detection != nil && detection.Off() && policy.Ejection == nil {
		p.report(diag.Finding{
			Code: diag.LoadBalancerChoice, Source: locality.From.At,
			Message: "locality needs outlier detection to know which pods are healthy, and outlierDetection is turned off",
			Related: []diag.Source{port.Origins.Of("outlierDetection").At},
			Try:     "remove outlierDetection: false",
		})
	}
	return locality
}

func (p *planner) checkDistribute(port *spec.Port, asked *v1alpha1.Locality) {
	at := port.Origins.Of("loadBalancer.locality.distribute").At
	if asked.Failover != nil || asked.FailoverPriority != nil {
		p.report(diag.Finding{
			Code: diag.LoadBalancerChoice, Source: at,
			Message: "distribute excludes failover and failoverPriority", Try: "keep distribute, or the other two",
		})
	}
	for _, rule := range asked.Distribute {
		total := int32(0)
		for _, weight := range rule.To {
			total += weight
		}
		if total != 100 {
			p.report(diag.Finding{
				Code: diag.LoadBalancerChoice, Source: at,
				Message: fmt.Sprintf("the weights of distribute from %q add up to %d; they must add up to 100", rule.From, total),
				Try:     "change the weights so that they add up to 100",
			})
		}
	}
}

// refuseIgnoredWarmup refuses what Envoy would silently not do.
func (p *planner) refuseIgnoredWarmup(port *spec.Port, balance *Balance) {
	if balance.Hash == nil && balance.Algorithm.V != "RANDOM" {
		return
	}
	p.report(diag.Finding{
		Code: diag.LoadBalancerChoice, Source: port.Origins.Within("loadBalancer.warmup").At,
		Message: "warmup works only with LEAST_REQUEST and ROUND_ROBIN",
		Try:     "simple: ROUND_ROBIN, or remove warmup",
	})
}
