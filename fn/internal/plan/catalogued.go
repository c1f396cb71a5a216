package plan

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// catalogued reports whether the catalogues say who calls, and sets the place that says it: all of them are complete, and
// everything that may have no sidecar says whom it calls. `callersComplete: false` takes that back.
func (p *planner) catalogued(settings *spec.Workload, at *diag.Source) bool {
	catalog := &p.spec.Catalog
	if !catalog.Complete || settings.Settings.CallersComplete != nil || len(catalog.Silent) > 0 || p.silent() != nil {
		return false
	}
	*at = catalog.CompleteAt
	return true
}

// sayNotCatalogued tells why complete catalogues are not enough to know the callers.
func (p *planner) sayNotCatalogued(finding *diag.Finding) {
	catalog := &p.spec.Catalog
	if !catalog.Complete {
		return
	}
	who := ""
	if silent := p.silent(); silent != nil {
		who = fmt.Sprintf("%s %q of this build", silent.Kind, silent.Name)
		finding.Related = append(finding.Related, silent.Source("metadata.name"))
	}
	if len(catalog.Silent) > 0 {
		who = catalog.Silent[0].Key + " of a catalogue"
		finding.Related = append(finding.Related, catalog.Silent[0].At())
	}
	if who != "" {
		finding.Because = append(finding.Because, "the catalogues are complete, but "+who+" may have no sidecar and does not say in dependsOn whom it calls")
	}
}

// heard remembers a workload that does not say whom it calls, nil for none.
type heard struct{ silent *facts.Workload }

// silent finds a workload of the build that may have no sidecar and does not say whom it calls.
func (p *planner) silent() *facts.Workload {
	if p.heard == nil {
		p.heard = &heard{p.firstSilent()}
	}
	return p.heard.silent
}

func (p *planner) firstSilent() *facts.Workload {
	says := map[*facts.Workload]bool{}
	note := func(pods *spec.Workload) {
		for _, template := range pods.Templates {
			asked := pods.Settings.Sidecar
			says[template] = says[template] || pods.Calls != nil || asked != nil && *asked
		}
	}
	for i := range p.spec.Services {
		note(&p.spec.Services[i].Workload)
	}
	for i := range p.spec.Workloads {
		note(&p.spec.Workloads[i])
	}
	i := slices.IndexFunc(p.facts.Workloads, func(w *facts.Workload) bool {
		return !says[w] && p.facts.Injection(w, w.Labels, w.Annotations).Sidecar != facts.Yes
	})
	if i < 0 {
		return nil
	}
	return p.facts.Workloads[i]
}
