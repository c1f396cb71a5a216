package plan

import (
	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Limits is how much one caller may ask of a port.
type Limits struct {
	Connections           Value[int32]             `json:"connections,omitzero"`
	PendingRequests       Value[int32]             `json:"pendingRequests,omitzero"`
	Requests              Value[int32]             `json:"requests,omitzero"`
	RequestsPerConnection Value[int32]             `json:"requestsPerConnection,omitzero"`
	Retries               Value[int32]             `json:"retries,omitzero"`
	ConnectTimeout        Value[v1alpha1.Duration] `json:"connectTimeout,omitzero"`
	IdleTimeout           Value[v1alpha1.Duration] `json:"idleTimeout,omitzero"`
	Stream                bool                     `json:"stream,omitempty"` // the port is not HTTP, so its idle time is that of connections
}

// limits decides the circuit breaker of a port. A preset sizes requests too, and those are left out where there are none.
func (p *planner) limits(in *spec.Service, port *spec.Port) *Limits {
	asked := port.Traffic.CircuitBreaker
	if asked == nil || asked.Off() {
		return nil
	}
	notUDP := func(protocol facts.Protocol) bool { return protocol != facts.UDP }
	if !p.applies(in, port, "circuitBreaker", notUDP, "a TCP port") {
		return nil
	}
	origin := func(field string) spec.Origin { return port.Origins.Of("circuitBreaker." + field) }
	limits := &Limits{
		Connections:    given(asked.MaxConnections, origin("maxConnections")),
		ConnectTimeout: span(asked.ConnectTimeout, origin("connectTimeout")),
		IdleTimeout:    span(asked.IdleTimeout, origin("idleTimeout")),
		Stream:         !port.Facts.Protocol.Routable(),
	}
	requests := func(field string, setting *int32) Value[int32] {
		if setting == nil {
			return Value[int32]{}
		}
		if limits.Stream && origin(field).Note != "" { // part of a preset
			return Value[int32]{}
		}
		if !p.applies(in, port, "circuitBreaker."+field, facts.Protocol.Routable, "an HTTP or gRPC port") {
			return Value[int32]{}
		}
		return given(setting, origin(field))
	}
	limits.PendingRequests = requests("http1MaxPendingRequests", asked.HTTP1MaxPendingRequests)
	limits.Requests = requests("http2MaxRequests", asked.HTTP2MaxRequests)
	limits.RequestsPerConnection = requests("maxRequestsPerConnection", asked.MaxRequestsPerConnection)
	limits.Retries = requests("maxRetries", asked.MaxRetries)
	if *limits == (Limits{Stream: limits.Stream}) {
		return nil
	}
	return limits
}

// span makes a Value of an optional duration, where zero was written to clear a lower layer.
func span(setting *v1alpha1.Duration, from spec.Origin) Value[v1alpha1.Duration] {
	if setting == nil || *setting == 0 {
		return Value[v1alpha1.Duration]{}
	}
	return Value[v1alpha1.Duration]{*setting, from}
}
