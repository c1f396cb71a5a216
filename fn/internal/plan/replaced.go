package plan

import "github.com/meshfn/meshfn/fn/internal/spec"

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
