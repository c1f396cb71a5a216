package resolve

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// defaultStage is where a Mesh is of which nobody says how far it has come: it says itself what it asks for.
const defaultStage = v1alpha1.StageResilience

// stages decides the stage of each Mesh's namespace, before exceptions.
func (r *resolver) stages() {
	for _, m := range r.meshes {
		m.stage = r.namespaceStage(m)
		if m.rollout != nil && m.rollout.Injection != nil && *m.rollout.Injection == "namespace" {
			r.out.Namespaces = append(r.out.Namespaces, spec.Namespace{
				Name: m.namespace, Stage: m.stage, Owner: m.owner(), Injected: true,
				At: r.documents.Profile.At(rolloutPath(m) + ".injection"),
			})
		}
	}
}

func rolloutPath(m *mesh) string { return diag.Join("spec.rollout.namespaces", m.namespace) }

func (r *resolver) namespaceStage(m *mesh) spec.Stage {
	profile := r.documents.Profile
	if profile == nil || profile.Value.Spec.Rollout == nil {
		if own := m.Value.Spec.Stage; own != nil {
			return spec.Stage{Name: *own, Stated: true, At: m.At("spec.stage")}
		}
		return spec.Stage{Name: defaultStage, At: m.At("spec.stage")}
	}
	rollout := profile.Value.Spec.Rollout
	if m.Value.Spec.Stage != nil {
		r.report(diag.Finding{
			Code: diag.StageDecided, Source: m.At("spec.stage"),
			Message: fmt.Sprintf("the stage of namespace %q is decided by the rollout of the profile, not by the Mesh", m.namespace),
			Related: []diag.Source{profile.At("spec.rollout")},
			Try:     "remove stage from the Mesh; the profile's rollout says how far the namespace is",
		})
	}
	m.rollout = rollout.Namespaces[m.namespace]
	switch {
	case m.namespace == "":
		r.refuseWithoutNamespace(m)
	case m.rollout != nil && m.rollout.Stage != nil:
		return spec.Stage{Name: *m.rollout.Stage, Stated: true, At: profile.At(rolloutPath(m) + ".stage")}
	case rollout.Stage != nil:
		return spec.Stage{Name: *rollout.Stage, Stated: true, At: profile.At("spec.rollout.stage")}
	default:
		r.refuseUnstaged(m, slices.Sorted(maps.Keys(rollout.Namespaces)))
	}
	return spec.Stage{Name: defaultStage, At: profile.At("spec.rollout")}
}

// refuseWithoutNamespace says that a rollout by namespaces needs to know the namespace. A component runs before the
// kustomization around it sets one.
func (r *resolver) refuseWithoutNamespace(m *mesh) {
	r.report(diag.Finding{
		Code: diag.UnknownStage, Source: m.At("metadata"),
		Message: fmt.Sprintf("the profile has a rollout by namespace, and the namespace of Mesh %q is not known here", m.Value.Metadata.Name),
		Related: []diag.Source{r.documents.Profile.At("spec.rollout")},
		Because: []string{"a function in a component or a base runs before the kustomization around it sets the namespace"},
		Try:     "name the platform's directory under transformers: in the outermost kustomization, or set the namespace in the resources themselves",
	})
}

func (r *resolver) refuseUnstaged(m *mesh, known []string) {
	finding := diag.Finding{
		Code: diag.UnknownStage, Source: m.At("metadata"),
		Message: fmt.Sprintf("the rollout of the profile does not say the stage of namespace %q; it lists: %s", m.namespace, cmp.Or(diag.OneOf(known), "none")),
		Related: []diag.Source{r.documents.Profile.At("spec.rollout")},
		Try:     fmt.Sprintf("rollout: {namespaces: {%s: off}} in the MeshProfile, or rollout: {stage: off} for all that are not listed", m.namespace),
	}
	if nearest, ok := diag.Nearest(m.namespace, known); ok {
		finding.Try += "; or is " + nearest + " meant?"
	}
	r.report(finding)
}

// serviceStage is the stage of a Service and of the pods behind it: that of its namespace, unless it is an exception.
func (r *resolver) serviceStage(m *mesh, service *facts.Service) spec.Stage {
	if m.rollout == nil {
		return m.stage
	}
	return r.exception(m, "services", m.rollout.Services, service.Named)
}

// workloadStage is the stage of a workload that no Service selects.
func (r *resolver) workloadStage(m *mesh, workload *facts.Workload) spec.Stage {
	if m.rollout == nil {
		return m.stage
	}
	return r.exception(m, "workloads", m.rollout.Workloads, func(key string) bool { return namesWorkload(key, workload) })
}

func (r *resolver) exception(m *mesh, field string, listed map[string]v1alpha1.Stage, named func(string) bool) spec.Stage {
	for _, key := range slices.Sorted(maps.Keys(listed)) {
		if named(key) {
			at := r.documents.Profile.At(diag.Join(rolloutPath(m)+"."+field, key))
			return spec.Stage{Name: listed[key], Stated: true, Single: true, At: at}
		}
	}
	return m.stage
}

// warnUnmatched finds exceptions of the rollout whose name the build almost has. The profile speaks of many builds, so a
// name that only another one knows is no mistake.
func (r *resolver) warnUnmatched() {
	seen := map[string]bool{}
	for _, m := range r.meshes {
		if m.rollout == nil || seen[m.namespace] {
			continue
		}
		seen[m.namespace] = true
		r.refuseBehindServices(m)
		r.warnNoService(m)
		services, workloads := r.namesIn(m.namespace)
		r.warnAlmost(m, "services", slices.Sorted(maps.Keys(m.rollout.Services)), services)
		r.warnAlmost(m, "workloads", slices.Sorted(maps.Keys(m.rollout.Workloads)), workloads)
	}
}

// namesIn lists the names, now and before an overlay renamed them, of the Services of a namespace, and of its workloads
// without a Service as Kind/name.
func (r *resolver) namesIn(namespace string) (services, workloads []string) {
	for _, service := range r.facts.Services {
		if service.Namespace == namespace {
			services = append(append(services, service.Name), service.PreviousNames...)
		}
	}
	for _, workload := range r.facts.Workloads {
		if workload.Namespace != namespace || len(workload.Services) > 0 {
			continue
		}
		for _, name := range append([]string{workload.Name}, workload.PreviousNames...) {
			workloads = append(workloads, workload.Kind+"/"+name)
		}
	}
	return services, workloads
}

func (r *resolver) warnAlmost(m *mesh, field string, listed, known []string) {
	for _, key := range listed {
		nearest, ok := diag.Nearest(key, known)
		if !ok || slices.Contains(known, key) {
			continue
		}
		r.report(diag.Finding{
			Code: diag.UnknownName, Severity: diag.Warning, Source: r.documents.Profile.At(diag.Join(rolloutPath(m)+"."+field, key)),
			Message: fmt.Sprintf("%q is not in this build, which has: %s", key, diag.OneOf(known)),
			Try:     "did you mean " + nearest + "?", Proposed: nearest,
		})
	}
}
