// Package istio writes a plan as Istio objects. Its functions are pure and mirror the shape of what they produce; there
// is nothing left for them to decide.
package istio

import (
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/manifest"
	"github.com/meshfn/meshfn/fn/internal/plan"
)

// Render writes the plan.
func Render(p *plan.Plan) (*manifest.Set, diag.List) {
	r := &renderer{naming: p.Naming, out: &manifest.Set{}}
	for i := range p.Namespaces {
		r.namespace(&p.Namespaces[i])
	}
	for i := range p.Pods {
		r.pod(&p.Pods[i])
		r.peerAuthentication(&p.Pods[i])
		r.authorizationPolicy(&p.Pods[i])
		r.telemetry(&p.Pods[i])
		r.guard(p.Pods[i].Guard, "")
	}
	for i := range p.Scopes {
		r.sidecar(&p.Scopes[i])
	}
	for i := range p.Services {
		r.destinationRule(&p.Services[i])
		r.virtualService(&p.Services[i])
	}
	for i := range p.Entries {
		r.gateway(&p.Entries[i])
		r.entryVirtualService(&p.Entries[i])
		r.guard(p.Entries[i].Guard, p.Entries[i].Gateway)
	}
	for i := range p.External {
		r.external(&p.External[i])
	}
	for i := range p.Leaving {
		r.leaving(&p.Leaving[i])
	}
	for i := range p.Patches {
		r.patch(&p.Patches[i])
	}
	return r.out, r.findings
}

type renderer struct {
	naming   plan.Naming
	out      *manifest.Set
	findings diag.List
}
