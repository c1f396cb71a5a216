package plan

import (
	"fmt"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Naming is how Services are referred to.
type Naming struct {
	ClusterDomain string `json:"clusterDomain" from:"DomainFrom"`
	Full          bool   `json:"full,omitempty" from:"FullFrom"` // full names even within a namespace

	DomainFrom spec.Origin `json:"-"`
	FullFrom   spec.Origin `json:"-"`
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
			Try:     spec.SetNamespace + ";\nor write hostnames: short in the MeshProfile",
		})
		return
	}
}

func shortened(name string) string { return spec.Shortened(name) }

// workloadName is the name of the objects that are for the pods of one workload: its own, and where workloads of two kinds in
// a namespace share it, `<name>-<kind in lower case>`.
func (p *planner) workloadName(workload *facts.Workload) string {
	if p.shared == nil {
		p.shared = map[[2]string]int{}
		for _, other := range p.facts.Workloads {
			p.shared[[2]string{other.Namespace, other.Name}]++
		}
	}
	name := workload.Name
	if p.shared[[2]string{workload.Namespace, name}] > 1 {
		name += "-" + strings.ToLower(workload.Kind)
	}
	return shortened(name)
}
