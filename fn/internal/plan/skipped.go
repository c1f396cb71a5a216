package plan

import (
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Skipped is a setting that does not hold in one place and does no harm there. The place is a port of a Service, the
// Service as a whole, or a workload that no Service selects.
type Skipped struct {
	Service   string      `json:"service,omitempty"`
	Workload  string      `json:"workload,omitempty"` // Kind name, of one that no Service selects, or of a host outside the mesh
	Namespace string      `json:"namespace,omitempty"`
	Port      string      `json:"port"`
	Setting   string      `json:"setting"`
	Why       string      `json:"why"`
	From      spec.Origin `json:"-"`
}

// skip notes a setting that does not reach a port, for `meshfn explain`.
func (p *planner) skip(in *spec.Service, port *spec.Port, setting, why string, origin spec.Origin) {
	p.skipAt(&in.Facts.Identity, port.Facts.Key(), setting, why, origin)
}

// skipOn notes a setting that does not reach a Service, or a workload that no Service selects.
func (p *planner) skipOn(object *facts.Identity, setting, why string, from spec.Origin) {
	p.skipAt(object, "", setting, why, from)
}

func (p *planner) skipAt(object *facts.Identity, port, setting, why string, from spec.Origin) {
	skipped := Skipped{Namespace: object.Namespace, Port: port, Setting: setting, Why: why, From: from}
	if object.Kind == "Service" {
		skipped.Service = object.Name
	} else {
		skipped.Workload = object.Kind + " " + object.Name
	}
	p.out.Skipped = append(p.out.Skipped, skipped)
}

// skipForPods notes a default that cannot hold for some pods.
func (p *planner) skipForPods(workload *facts.Workload, setting, why string, from spec.Origin) {
	for _, service := range workload.Services {
		p.skipOn(&service.Identity, setting, why, from)
	}
	if len(workload.Services) == 0 {
		p.skipOn(&workload.Identity, setting, why, from)
	}
}

// replaced skips a setting that another one of a higher layer takes the place of. What the platform locks or requires may
// not be lost that way.
func (p *planner) replaced(in *spec.Service, port *spec.Port, setting, why string, lost, by spec.Origin) {
	p.skip(in, port, setting, why, lost)
	if by.Layer <= spec.NamespaceDefaults {
		return
	}
	for _, finding := range p.spec.Rules.In(in.Facts.Namespace).Replaced(setting, why) {
		finding.Source = by.At
		p.report(finding)
	}
}
