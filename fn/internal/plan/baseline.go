package plan

import (
	"encoding/json"
	"maps"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// baseline is a block of settings that the mesh has for all Services. What is said for one Service replaces such a block as a
// whole, so it has to repeat what it does not change.
// https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-DefaultTrafficPolicy
type baseline struct {
	words map[string]any // that nobody has taken yet; nil where the mesh has no such block
	at    spec.Located
}

// baseline returns a block of the mesh's, connectionPool or outlierDetection.
func (p *planner) baseline(block string) *baseline {
	istio := &p.spec.Istio
	b := &baseline{at: func(field string) diag.Source {
		return istio.At("meshConfig.defaultTrafficPolicy." + block + field)
	}}
	if policy := istio.Mesh.DefaultTrafficPolicy; policy != nil {
		b.words = map[string]map[string]any{"connectionPool": policy.ConnectionPool, "outlierDetection": policy.OutlierDetection}[block]
		b.words = cloned(b.words)
	}
	return b
}

func cloned(words map[string]any) map[string]any {
	out := maps.Clone(words)
	for key, value := range out {
		if inner, ok := value.(map[string]any); ok {
			out[key] = cloned(inner)
		}
	}
	return out
}

// none reports whether the mesh has no such block.
func (b *baseline) none() bool { return len(b.words) == 0 }

// take removes one word of the block, such as tcp.maxConnections, and returns its value.
func (b *baseline) take(path ...string) (value any, from spec.Origin) {
	words, field := b.words, ""
	for i, key := range path {
		field += "." + key
		value = words[key]
		if i == len(path)-1 {
			delete(words, key)
			break
		}
		words, _ = value.(map[string]any)
	}
	return value, spec.Origin{Layer: spec.MeshConfig, At: b.at(field)}
}

// number takes a word that is a whole number. One that is none is refused when the profile is compared with Istio's types.
func (b *baseline) number(path ...string) Value[int32] {
	value, from := b.take(path...)
	if number, ok := value.(int); ok {
		return Value[int32]{int32(number), from} //nolint:gosec // What is out of range is refused with the rest of the profile.
	}
	return Value[int32]{}
}

func (b *baseline) flag(path ...string) Value[bool] {
	value, from := b.take(path...)
	if flag, ok := value.(bool); ok {
		return Value[bool]{flag, from}
	}
	return Value[bool]{}
}

func (b *baseline) span(path ...string) Value[v1alpha1.Duration] {
	value, from := b.take(path...)
	text, _ := value.(string)
	var out v1alpha1.Duration
	if out.UnmarshalText([]byte(text)) != nil {
		return Value[v1alpha1.Duration]{}
	}
	return Value[v1alpha1.Duration]{out, from}
}

// rest is what nobody has taken, in the words of the mesh.
func (b *baseline) rest() Value[string] {
	for key, value := range b.words {
		if inner, ok := value.(map[string]any); ok && len(inner) == 0 {
			delete(b.words, key)
		}
	}
	text, err := json.Marshal(b.words)
	if b.none() || err != nil {
		return Value[string]{}
	}
	return Value[string]{string(text), spec.Origin{Layer: spec.MeshConfig, At: b.at("")}}
}

// unless takes over a value of the mesh's where the setting is not written at all. What is written may also be that there is
// none.
func unless[T, S any](v, mesh Value[T], written *S) Value[T] {
	if written != nil || !v.IsZero() {
		return v
	}
	return mesh
}

// repeat puts the mesh's limits below those that are decided.
func (l *Limits) repeat(b *baseline, asked *v1alpha1.CircuitBreaker) {
	if b.none() {
		return
	}
	l.Connections = unless(l.Connections, b.number("tcp", "maxConnections"), asked.MaxConnections)
	l.ConnectTimeout = unless(l.ConnectTimeout, b.span("tcp", "connectTimeout"), asked.ConnectTimeout)
	l.PendingRequests = unless(l.PendingRequests, b.number("http", "http1MaxPendingRequests"), asked.HTTP1MaxPendingRequests)
	l.Requests = unless(l.Requests, b.number("http", "http2MaxRequests"), asked.HTTP2MaxRequests)
	l.RequestsPerConnection = unless(l.RequestsPerConnection, b.number("http", "maxRequestsPerConnection"), asked.MaxRequestsPerConnection)
	l.Retries = unless(l.Retries, b.number("http", "maxRetries"), asked.MaxRetries)
	l.IdleTimeout = unless(l.IdleTimeout, b.span("http", "idleTimeout"), asked.IdleTimeout)
	if asked.IdleTimeout != nil {
		b.take("tcp", "idleTimeout")
	}
	l.Rest = b.rest()
}

// repeat puts the mesh's outlier detection below what is decided. Its share of pods is for any number of them, so it holds
// only where the number is unknown.
func (e *Ejection) repeat(b *baseline, asked *v1alpha1.OutlierDetection, counted bool) {
	if b.none() {
		return
	}
	e.GatewayErrors = unless(e.GatewayErrors, b.number("consecutiveGatewayErrors"), asked.ConsecutiveGatewayErrors)
	e.ServerErrors = unless(e.ServerErrors, b.number("consecutive5xxErrors"), asked.Consecutive5xxErrors)
	e.SplitLocal = unless(e.SplitLocal, b.flag("splitExternalLocalOriginErrors"), asked.SplitExternalLocalOriginErrors)
	if failures := b.number("consecutiveLocalOriginFailures"); e.SplitLocal.V {
		e.LocalFailures = unless(e.LocalFailures, failures, asked.ConsecutiveLocalOriginFailures)
	}
	e.Interval = unless(e.Interval, b.span("interval"), asked.Interval)
	e.BaseTime = unless(e.BaseTime, b.span("baseEjectionTime"), asked.BaseEjectionTime)
	if share := b.number("maxEjectionPercent"); !counted {
		e.MaxPercent = unless(e.MaxPercent, share, asked.MaxEjectionPercent)
	}
	e.MinHealthy = unless(e.MinHealthy, b.number("minHealthPercent"), asked.MinHealthPercent)
	e.Rest = b.rest()
}

// noLimits undoes the mesh's limits, where there are any.
func (p *planner) noLimits(port *spec.Port) *Limits {
	if p.baseline("connectionPool").none() || !port.Facts.Protocol.Proxied() {
		return nil
	}
	return &Limits{Off: Value[bool]{true, port.Origins.Of("circuitBreaker")}}
}

// noEjection undoes the mesh's outlier detection, where there is any.
func (p *planner) noEjection(port *spec.Port, from spec.Origin) *Ejection {
	if p.baseline("outlierDetection").none() || !port.Facts.Protocol.Proxied() {
		return nil
	}
	return &Ejection{Off: Value[bool]{true, from}}
}
