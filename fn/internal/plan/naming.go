package plan

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Naming is how Services are referred to.
type Naming struct {
	ClusterDomain string `json:"clusterDomain"`
	Full          bool   `json:"full,omitempty"` // full names even within a namespace
}

// checkNaming refuses full names where nobody says the namespace that is a part of them.
func (p *planner) checkNaming() {
	if !p.out.Naming.Full {
		return
	}
	for i := range p.spec.Services {
		service := &p.spec.Services[i]
		if service.Facts.Namespace != "" {
			continue
		}
		p.report(diag.Finding{
			Code: diag.AmbiguousNamespace, Source: service.Owner.At,
			Message: fmt.Sprintf("the profile asks for full host names, and Service %q of this Mesh has no namespace", service.Facts.Name),
			Try:     "set the namespace in the build, as with namespace: in a kustomization, or hostnames: short in the MeshProfile",
		})
		return
	}
}
