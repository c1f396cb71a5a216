package plan

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// patches plans what is changed last. A patch of an object that waits for its stage waits with it.
func (p *planner) patches() {
	for i := range p.spec.Patches {
		patch := &p.spec.Patches[i]
		target := patch.Patch.Target
		if needed, now, waits := p.awaited(patch); waits {
			p.report(diag.Finding{
				Code: diag.AheadOfStage, Severity: diag.Info, Source: patch.At(""),
				Message: fmt.Sprintf("the patch of %s %q has no effect before stage %s: what it is for is at stage %s", target.Kind, target.Name, needed, now.Name),
				Related: []diag.Source{now.At},
			})
			continue
		}
		p.out.Patches = append(p.out.Patches, Patch{
			Kind: target.Kind, Name: target.Name, Owner: patch.Owner.String(),
			Merge: patch.Patch.Merge, From: patch.At(""), Field: patch.At,
		})
	}
}

// awaited is the stage that the object of a patch waits for.
func (p *planner) awaited(patch *spec.Patch) (needed v1alpha1.Stage, now spec.Stage, waits bool) {
	target, owner := patch.Patch.Target, patch.Owner.String()
	switch target.Kind {
	case "VirtualService", "DestinationRule":
		needed, now = v1alpha1.StageResilience, p.stageOfService(target.Name, owner)
	case "Telemetry":
		needed, now = v1alpha1.StageObserve, p.stageOfPods(target.Name, owner)
	}
	return needed, now, now.Name != "" && !now.Permits(needed)
}

// stageOfService is the stage of a Service of a Mesh, zero where the Mesh has no such Service.
func (p *planner) stageOfService(name, owner string) spec.Stage {
	for i := range p.spec.Services {
		if service := &p.spec.Services[i]; service.Facts.Name == name && service.Owner.String() == owner {
			return service.Stage
		}
	}
	return spec.Stage{}
}

// stageOfPods is the stage of the pods whose objects have a name.
func (p *planner) stageOfPods(name, owner string) spec.Stage {
	for _, settings := range p.workloads() {
		for _, workload := range settings.Templates {
			if settings.Owner.String() == owner && p.workloadName(workload) == name {
				return settings.Stage
			}
		}
	}
	return spec.Stage{}
}

// workloads lists the settings of all pods, behind Services and without one.
func (p *planner) workloads() []*spec.Workload {
	var all []*spec.Workload
	for i := range p.spec.Services {
		all = append(all, &p.spec.Services[i].Workload)
	}
	for i := range p.spec.Workloads {
		all = append(all, &p.spec.Workloads[i])
	}
	return all
}
