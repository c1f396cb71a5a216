package resolve

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// guard notes the stage of every namespace and pod template. What a stage promises holds for those that no Mesh covers, too:
// to leave something out of a Mesh is not to take it out of the rollout.
func (r *resolver) guard() {
	stages := &r.out.Stages
	stages.Pods, stages.Namespaces = map[*facts.Workload]spec.Stage{}, map[string]spec.Stage{}
	r.listed(stages)
	for _, m := range r.meshes {
		stages.Namespaces[m.namespace] = m.stage
	}
	for i := range r.out.Services {
		for _, template := range r.out.Services[i].Workload.Templates {
			stages.Pods[template] = later(stages.Pods[template], r.out.Services[i].Stage)
		}
	}
	for i := range r.out.Workloads {
		for _, template := range r.out.Workloads[i].Templates {
			stages.Pods[template] = r.out.Workloads[i].Stage
		}
	}
	for _, workload := range r.facts.Workloads {
		if _, covered := stages.Pods[workload]; !covered {
			stages.Pods[workload] = r.uncoveredStage(workload)
		}
	}
}

// listed notes what the rollout of the profile says of namespaces.
func (r *resolver) listed(stages *spec.Stages) {
	profile := r.documents.Profile
	if profile == nil || profile.Value.Spec.Rollout == nil {
		return
	}
	rollout := profile.Value.Spec.Rollout
	if rollout.Stage != nil {
		stages.Others = spec.Stage{Name: *rollout.Stage, Stated: true, At: profile.At("spec.rollout.stage")}
	}
	for name, entry := range rollout.Namespaces {
		stages.Namespaces[name] = stages.Others
		if entry.Stage != nil {
			at := profile.At(diag.Join("spec.rollout.namespaces", name) + ".stage")
			stages.Namespaces[name] = spec.Stage{Name: *entry.Stage, Stated: true, At: at}
		}
	}
}

// uncoveredStage is the stage of pods that no Mesh covers: that of their namespace, or of the exception for them.
func (r *resolver) uncoveredStage(workload *facts.Workload) spec.Stage {
	as := &mesh{namespace: workload.Namespace, stage: r.out.Stages.Others}
	if stage, ok := r.out.Stages.Namespaces[workload.Namespace]; ok {
		as.stage = stage
	}
	if profile := r.documents.Profile; profile != nil && profile.Value.Spec.Rollout != nil {
		as.rollout = profile.Value.Spec.Rollout.Namespaces[workload.Namespace]
	}
	if len(workload.Services) == 0 {
		return r.workloadStage(as, workload)
	}
	var stage spec.Stage
	for _, service := range workload.Services {
		stage = later(stage, r.serviceStage(as, service))
	}
	return stage
}

// later is the later of two stages.
func later(a, b spec.Stage) spec.Stage {
	if a.Name == "" || b.Permits(a.Name) {
		return b
	}
	return a
}

// refuseSharedExceptions refuses an exception of the rollout that two objects would take by the names that they have or had:
// it was given to one of them.
func (r *resolver) refuseSharedExceptions() {
	seen := map[string]bool{}
	for _, m := range r.meshes {
		if m.rollout == nil || seen[m.namespace] {
			continue
		}
		seen[m.namespace] = true
		for _, service := range r.facts.Services {
			r.sharedException(m, "services", m.rollout.Services, &service.Identity, service.Name)
		}
		for _, workload := range r.facts.Workloads {
			if len(workload.Services) == 0 {
				r.sharedException(m, "workloads", m.rollout.Workloads, &workload.Identity, workload.Kind+"/"+workload.Name)
			}
		}
	}
}

// sharedException is about an object with the name of an exception, and others that had it.
func (r *resolver) sharedException(m *mesh, field string, listed map[string]v1alpha1.Stage, object *facts.Identity, key string) {
	if _, ok := listed[key]; !ok || object.Namespace != m.namespace {
		return
	}
	for _, other := range r.renamedFrom(object) {
		r.report(diag.Finding{
			Code: diag.AmbiguousName, Source: other.Source("metadata.name"),
			Message: fmt.Sprintf("%s %q would take the exception of the rollout for %q, which the build has beside it", other.Kind, other.Name, key),
			Because: []string{"an overlay renamed it, and it had this name before"},
			Related: []diag.Source{r.documents.Profile.At(diag.Join(rolloutPath(m)+"."+field, key)), object.Source("metadata.name")},
			Try:     "another name in its base, or an exception of its own in the rollout",
		})
	}
}

// renamedFrom lists the objects of a kind and namespace that had the name which another one has.
func (r *resolver) renamedFrom(object *facts.Identity) []*facts.Identity {
	var others []*facts.Identity
	note := func(other *facts.Identity) {
		if other != object && other.Kind == object.Kind && other.Namespace == object.Namespace && slices.Contains(other.PreviousNames, object.Name) {
			others = append(others, other)
		}
	}
	for _, service := range r.facts.Services {
		note(&service.Identity)
	}
	for _, workload := range r.facts.Workloads {
		note(&workload.Identity)
	}
	return others
}
