package plan

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// checkExternalSettings refuses settings of calls that the proxy cannot hold.
func (p *planner) checkExternalSettings(e *spec.External) {
	port := &spec.Port{Facts: &facts.Port{Protocol: spoken(e)}, Traffic: e.Traffic, Origins: e.Origins}
	for _, setting := range e.Origins.Settings() {
		origin := e.Origins.Within(setting)
		if !origin.Explicit() || turnedOff(port, setting) || setting == "retries" && e.Traffic.Retries.Attempts != nil && *e.Traffic.Retries.Attempts == 0 {
			continue
		}
		p.checkExternalSetting(e, port, setting, origin)
	}
	if e.Traffic.LoadBalancer != nil && !e.Traffic.LoadBalancer.Off() {
		p.checkExternalBalance(e, port)
	}
	if e.Traffic.Retries != nil && e.Traffic.Retries.Methods != nil && port.Facts.Protocol == facts.GRPC {
		p.report(diag.Finding{
			Code: diag.RetryConflict, Source: e.Origins.Of("retries.methods").At,
			Message: fmt.Sprintf("retries.methods cannot tell reads from writes of %s, where every call is a POST", e.Entry.URL),
			Try:     "idempotent: true, when every call may be executed twice; otherwise remove methods",
		})
	}
}

func (p *planner) checkExternalSetting(e *spec.External, port *spec.Port, setting string, origin spec.Origin) {
	switch setting {
	case "timeout", "retries":
		p.needsRequests(e, port, setting, origin)
	case "circuitBreaker":
		for _, field := range limitsOfRequests() {
			if origin, ok := e.Origins["circuitBreaker."+field]; ok && origin.Note == "" {
				p.needsRequests(e, port, "circuitBreaker."+field, origin)
			}
		}
	case "outlierDetection", "loadBalancer":
		p.needsChoice(e, setting, origin)
	}
}

// limitsOfRequests are the limits of a circuit breaker that count requests.
func limitsOfRequests() []string {
	return []string{"http1MaxPendingRequests", "http2MaxRequests", "maxRequestsPerConnection", "maxRetries"}
}

// needsRequests refuses what works on requests where the proxy sees none.
func (p *planner) needsRequests(e *spec.External, port *spec.Port, setting string, origin spec.Origin) {
	if port.Facts.Protocol.Routable() {
		return
	}
	finding := diag.Finding{
		Code: diag.ExternalOpaque, Source: origin.At, Related: []diag.Source{e.At("url")},
		Message: fmt.Sprintf("%s has no effect on %s: the application encrypts the connection, and the proxy sees no requests in it", setting, e.Entry.URL),
		Try:     fmt.Sprintf("tls: originate, and http://%s in the application; or remove %s", e.Entry.URL.Host, setting),
	}
	if port.Facts.Protocol == facts.TCP || e.Entry.URL.Scheme == "tls" {
		finding.Message = fmt.Sprintf("%s has no effect on %s, in which the proxy sees a connection and no requests", setting, e.Entry.URL)
		finding.Try = "remove " + setting + "; circuitBreaker: {maxConnections: …, connectTimeout: …} holds for connections"
	} else if e.Entry.URL.Wildcard() {
		finding.Try = "an entry for each host with tls: originate; or remove " + setting
	}
	p.report(finding)
}

// needsChoice refuses what chooses between addresses where the application has chosen.
func (p *planner) needsChoice(e *spec.External, setting string, origin spec.Origin) {
	if !asCalled(e) {
		return
	}
	why := e.At("url")
	if len(e.Entry.Addresses) > 0 {
		why = e.At("addresses")
	}
	p.report(diag.Finding{
		Code: diag.ExternalNoChoice, Source: origin.At, Related: []diag.Source{why},
		Message: fmt.Sprintf("%s has no effect on %s: a connection goes to the address that the application looked up itself", setting, e.Entry.URL.Host),
		Try:     "remove " + setting,
	})
}

// checkExternalBalance refuses what needs to know where addresses are, or what is in a request.
func (p *planner) checkExternalBalance(e *spec.External, port *spec.Port) {
	if asksLocality(port) {
		p.report(diag.Finding{
			Code: diag.ExternalNoChoice, Source: e.Origins.Within("loadBalancer.locality").At,
			Message: fmt.Sprintf("locality has no effect on %s: nobody knows in which zone the addresses of an outside host are", e.Entry.URL.Host),
			Try:     "remove locality",
		})
	}
	hash := e.Traffic.LoadBalancer.ConsistentHash
	if hash != nil && (hash.UseSourceIP == nil || !*hash.UseSourceIP) {
		p.needsRequests(e, port, "loadBalancer.consistentHash", e.Origins.Within("loadBalancer.consistentHash"))
	}
}
