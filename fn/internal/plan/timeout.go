package plan

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// timeout decides how long callers wait. Zero was written to clear a default and leaves Istio's own, which is none.
func (p *planner) timeout(in *spec.Service, port *spec.Port) Value[v1alpha1.Duration] {
	timeout := span(port.Traffic.Timeout, port.Origins.Of("timeout"))
	if timeout.IsZero() || !p.applies(in, port, "timeout") {
		return Value[v1alpha1.Duration]{}
	}
	return timeout
}

// warnSniffed says that a setting rests on a guess, where Istio learns only from each connection whether it is HTTP.
func (p *planner) warnSniffed(in *spec.Service, port *spec.Port) {
	if port.Facts.Protocol != facts.Sniffed {
		return
	}
	for _, setting := range []string{"timeout", "retries"} {
		origin := port.Origins.Within(setting)
		if !origin.Explicit() || turnedOff(port, setting) {
			continue
		}
		p.report(diag.Finding{
			Code: diag.SniffedProtocol, Severity: diag.Warning, Source: origin.At,
			Message: fmt.Sprintf("%s holds only for connections that Istio recognises as HTTP: port %q of Service %q does not say its protocol",
				setting, port.Facts.Key(), in.Facts.Name),
			Related: []diag.Source{in.Facts.Source(port.Facts.Field)},
			Try:     "set appProtocol: http (or grpc) on the Service port, or start its name with http- or grpc-",
		})
	}
}
