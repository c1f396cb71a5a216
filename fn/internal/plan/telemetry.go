package plan

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Telemetry is what the proxies of a workload's pods report.
type Telemetry struct {
	Name      string            `json:"name" from:"Object:metadata.name"`
	Owner     string            `json:"owner" from:"Mesh"`
	Selector  map[string]string `json:"selector" from:"Labels"`
	Tracing   Tracing           `json:"tracing,omitzero"`
	AccessLog AccessLog         `json:"accessLog,omitzero"`
	Metrics   Metrics           `json:"metrics,omitzero"`
	From      spec.Origin       `json:"-"`
	Mesh      diag.Source       `json:"-"` // the name of the owner
	Object    spec.Located      `json:"-"` // fields of the workload
	Labels    spec.Located      `json:"-"` // those of its pods
}

// telemetry decides what the sidecars of a workload report. Several Services of one workload must agree on each part; what
// was written for one of the Services counts more than a default of another.
func (p *planner) telemetry(workload *facts.Workload, asked []*spec.Workload, sidecar Value[bool]) *Telemetry {
	var decided Telemetry
	var off spec.Origin
	for _, settings := range asked {
		telemetry, origin := settings.Settings.Telemetry, settings.Origins.Within("telemetry")
		switch {
		case telemetry == nil:
		case telemetry.Off():
			off = stronger(off, origin)
		default:
			if origin.Layer > decided.From.Layer {
				decided.From, decided.Owner, decided.Mesh = origin, settings.Owner.String(), settings.Owner.At
			}
			p.agreeOnTelemetry(workload, &decided, p.telemetryOf(telemetry, settings.Origins))
		}
	}
	decided.settle()
	switch {
	case off.Explicit() && decided.From.Explicit():
		p.disagreement(diag.TelemetryConflict, workload)("telemetry", "false", "set", off, decided.From)
		return nil
	case off.Explicit(), !decided.says(), p.telemetryByHand(workload, decided.From), !p.reports(workload, decided.From, sidecar):
		return nil
	}
	return p.attach(workload, &decided)
}

// says reports whether there is anything to write.
func (t *Telemetry) says() bool {
	return !t.Tracing.IsZero() || !t.AccessLog.IsZero() || !t.Metrics.IsZero()
}

// telemetryByHand leaves the Telemetry of some pods to the user, and refuses settings that would need one.
func (p *planner) telemetryByHand(workload *facts.Workload, from spec.Origin) bool {
	service := p.keptTelemetry[workload]
	if service != nil && from.Explicit() {
		p.refuseManaged(service, "Telemetry", "telemetry", from.At)
	}
	return service != nil
}

// reports asks whether the pods have sidecars that report anything.
func (p *planner) reports(workload *facts.Workload, from spec.Origin, sidecar Value[bool]) bool {
	return p.needsSidecar(workload, sidecar, "telemetry", from, diag.Finding{
		Code:    diag.TelemetryConflict,
		Message: fmt.Sprintf("telemetry is what sidecars report, and the pods of %s %q get none", workload.Kind, workload.Name),
	})
}
