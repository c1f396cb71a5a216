package plan

import (
	"fmt"
	"time"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
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
	IdleTimeout           Value[v1alpha1.Duration] `json:"idleTimeout,omitzero"`       // of connections that carry requests
	StreamIdleTimeout     Value[v1alpha1.Duration] `json:"streamIdleTimeout,omitzero"` // of connections that are passed through as they are
	Rest                  Value[string]            `json:"rest,omitzero"`              // what the mesh has besides, in its own words
	Off                   Value[bool]              `json:"off,omitzero"`               // there are none, whatever the mesh has, and nothing else is set
}

// envoyIdleTimeout is how long Envoy keeps a connection without requests where nothing is said.
// https://www.envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts
const envoyIdleTimeout = time.Hour

// limits decides the circuit breaker of a port. A preset sizes requests too, and those are left out where there are none.
func (p *planner) limits(in *spec.Service, port *spec.Port) *Limits {
	asked := port.Traffic.CircuitBreaker
	if asked != nil && asked.Off() {
		return p.noLimits(port)
	}
	if asked == nil || !p.applies(in, port, "circuitBreaker") {
		return nil
	}
	origin := func(field string) spec.Origin { return port.Origins.Of("circuitBreaker." + field) }
	limits := &Limits{
		Connections:    given(asked.MaxConnections, origin("maxConnections")),
		ConnectTimeout: span(asked.ConnectTimeout, origin("connectTimeout")),
	}
	idle := span(asked.IdleTimeout, origin("idleTimeout"))
	if port.Facts.Protocol.Routable() {
		limits.IdleTimeout = idle
	}
	if passesThrough(port.Facts.Protocol) {
		limits.StreamIdleTimeout = idle
	}
	requests := func(field string, setting *int32) Value[int32] {
		if setting == nil {
			return Value[int32]{}
		}
		if !port.Facts.Protocol.Routable() && origin(field).Note != "" { // part of a preset
			p.skip(in, port, "circuitBreaker."+field, missing(spec.NeedOf("circuitBreaker."+field), port), origin(field))
			return Value[int32]{}
		}
		if !p.applies(in, port, "circuitBreaker."+field) {
			return Value[int32]{}
		}
		return given(setting, origin(field))
	}
	limits.PendingRequests = requests("http1MaxPendingRequests", asked.HTTP1MaxPendingRequests)
	limits.Requests = requests("http2MaxRequests", asked.HTTP2MaxRequests)
	limits.RequestsPerConnection = requests("maxRequestsPerConnection", asked.MaxRequestsPerConnection)
	limits.Retries = requests("maxRetries", asked.MaxRetries)
	if *limits == (Limits{}) {
		return nil
	}
	limits.repeat(p.baseline("connectionPool"), asked)
	return limits
}

// passesThrough reports whether connections, or those that are not recognised as HTTP, are passed on as they are.
func passesThrough(protocol facts.Protocol) bool {
	return protocol == facts.TCP || protocol == facts.TLS || protocol == facts.Sniffed
}

// streamIdle decides the idle time of the connections that are passed through. Istio takes it from the settings of the
// whole Service and never from those of a port, so its ports cannot differ.
// https://github.com/istio/istio/blob/1.31.0/pilot/pkg/networking/core/networkfilter.go
func (p *planner) streamIdle(in *spec.Service, out *Service) {
	var first *Port
	for i := range out.Ports {
		port := &out.Ports[i]
		if !passesThrough(port.Protocol) {
			continue
		}
		if first == nil {
			first, out.StreamIdleTimeout = port, port.streamIdle()
			continue
		}
		if idle := port.streamIdle(); idle.V != out.StreamIdleTimeout.V {
			p.refuseStreamIdle(in, stronger(idle.From, out.StreamIdleTimeout.From), first, port)
			return
		}
	}
	if out.StreamIdleTimeout.IsZero() {
		return
	}
	for i := range out.Ports { // An HTTP port without settings of its own would take it over.
		if port := &out.Ports[i]; port.Protocol.Proxied() && port.Policy.IsZero() {
			why := spec.Computed("circuitBreaker.idleTimeout", "Envoy's own, which the idle time of the other ports would replace", out.StreamIdleTimeout.From)
			port.Policy.Limits = &Limits{}
			port.Policy.Limits.repeat(p.baseline("connectionPool"), &v1alpha1.CircuitBreaker{})
			port.Policy.Limits.IdleTimeout = port.Policy.Limits.IdleTimeout.or(v1alpha1.Duration(envoyIdleTimeout), why)
		}
	}
}

func (port *Port) streamIdle() Value[v1alpha1.Duration] {
	if port.Policy.Limits == nil {
		return Value[v1alpha1.Duration]{}
	}
	return port.Policy.Limits.StreamIdleTimeout
}

func (p *planner) refuseStreamIdle(in *spec.Service, from spec.Origin, a, b *Port) {
	p.report(diag.Finding{
		Code: diag.WrongProtocol, Source: from.At,
		Message: fmt.Sprintf("idleTimeout must be the same on all ports of Service %q that are not HTTP, and ports %d (%s) and %d (%s) differ",
			in.Facts.Name, a.Number, a.Protocol, b.Number, b.Protocol),
		Because: []string{"Istio knows one idle time for the TCP connections of a Service: https://github.com/istio/istio/blob/1.31.0/pilot/pkg/networking/core/networkfilter.go"},
		Try:     "circuitBreaker: {idleTimeout: …} for the whole Service, or a Service of its own for one of the ports",
	})
}

// span makes a Value of an optional duration, where zero was written to clear a lower layer.
func span(setting *v1alpha1.Duration, from spec.Origin) Value[v1alpha1.Duration] {
	if setting == nil || *setting == 0 {
		return Value[v1alpha1.Duration]{}
	}
	return Value[v1alpha1.Duration]{*setting, from}
}
