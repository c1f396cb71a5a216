package resolve

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// workloads resolves the workloads that no Service selects; the others take the settings of their Services.
func (r *resolver) workloads() {
	claims := map[*facts.Workload]claimedWorkload{}
	for _, m := range r.meshes {
		for _, key := range slices.Sorted(maps.Keys(m.Value.Spec.Workloads)) {
			workload, ok := r.findWorkload(m, key)
			if !ok {
				continue
			}
			mine := claimedWorkload{m, key}
			if other, taken := claims[workload]; taken {
				r.report(diag.Finding{
					Code: diag.ClaimedTwice, Source: m.At(mine.path()),
					Message: fmt.Sprintf("%s %q is listed twice: by Mesh %q and by Mesh %q", workload.Kind, workload.Name, other.mesh.owner(), m.owner()),
					Related: []diag.Source{other.mesh.At(other.path())},
					Try:     "keep one of the two entries",
				})
				continue
			}
			claims[workload] = mine
		}
	}
	for _, workload := range r.facts.Workloads {
		if len(workload.Services) > 0 {
			continue
		}
		if mine, ok := claims[workload]; ok {
			entry := mine.mesh.Value.Spec.Workloads[mine.key]
			r.workload(mine.mesh, workload, entry.WorkloadSettings, mine.mesh.below(mine.path()))
		} else if m := r.covering(workload.Namespace, &workload.Identity); m != nil {
			r.workload(m, workload, v1alpha1.WorkloadSettings{}, m.below("spec"))
		}
	}
}

// workload resolves one workload that no Service selects.
func (r *resolver) workload(m *mesh, workload *facts.Workload, own v1alpha1.WorkloadSettings, at spec.Located) {
	settings := r.podSettings(m, []*facts.Workload{workload}, own, at)
	settings.Stage = r.workloadStage(m, workload)
	r.podLimits(m.namespace, &settings)
	r.out.Workloads = append(r.out.Workloads, settings)
}

type claimedWorkload struct {
	mesh *mesh
	key  string
}

func (c claimedWorkload) path() string { return diag.Join("spec.workloads", c.key) }

// findWorkload matches a key Kind/name with a workload of the Mesh's namespace that no Service selects.
func (r *resolver) findWorkload(m *mesh, key string) (*facts.Workload, bool) {
	source := m.At(diag.Join("spec.workloads", key))
	kind, _, ok := strings.Cut(key, "/")
	var known []string
	var found []*facts.Workload
	for _, workload := range r.facts.Workloads {
		if workload.Namespace != m.namespace {
			continue
		}
		if len(workload.Services) == 0 {
			for _, name := range append([]string{workload.Name}, workload.PreviousNames...) {
				known = append(known, workload.Kind+"/"+name)
			}
		}
		if namesWorkload(key, workload) {
			found = append(found, workload)
		}
	}
	switch {
	case len(found) == 0:
		finding := r.beside(unknownName(source, "workload", key, m.namespace, known), m)
		if !ok {
			finding.Message += "; a workload is named Kind/name"
		}
		r.report(finding)
		return nil, false
	case len(found) > 1:
		r.report(diag.Finding{
			Code: diag.AmbiguousName, Source: source,
			Message: fmt.Sprintf("%q means several workloads of the build, by their names now and before an overlay renamed them", key),
			Related: []diag.Source{found[0].Source("metadata.name"), found[1].Source("metadata.name")},
			Try:     "use the final name: " + kind + "/" + found[0].Name + " or " + kind + "/" + found[1].Name,
		})
		return nil, false
	case len(found[0].Services) > 0:
		service := found[0].Services[0]
		r.report(diag.Finding{
			Code: diag.BehindService, Source: source,
			Message: fmt.Sprintf("%s is behind Service %q, and the settings of its pods belong there", key, service.Name),
			Related: []diag.Source{service.Source("spec.selector")},
			Try:     "move the entry to spec.services." + service.Name,
		})
		return nil, false
	}
	return found[0], true
}

// namesWorkload reports whether a key Kind/name means a workload.
func namesWorkload(key string, workload *facts.Workload) bool {
	kind, name, ok := strings.Cut(key, "/")
	return ok && workload.Kind == kind && workload.Named(name)
}

// podSettings merges the settings of a set of pod templates.
func (r *resolver) podSettings(m *mesh, templates []*facts.Workload, own v1alpha1.WorkloadSettings, at spec.Located) spec.Workload {
	layers := append(pods(r.defaults(m)), podLayer{layer{name: spec.OwnEntry, at: at}, own})
	settings, origins := mergeLayers(r, layers)
	return spec.Workload{Templates: templates, Owner: m.owner(), Settings: settings, Origins: origins, At: at}
}

// patches collects the patches of all Meshes in a fixed order.
func (r *resolver) patches() {
	for _, m := range r.meshes {
		r.refusePatches(m)
		for i, patch := range m.Value.Spec.Patches {
			patch.Target.Name = r.finalName(m, patch.Target)
			r.out.Patches = append(r.out.Patches, spec.Patch{
				Patch: patch, Owner: m.owner(), At: m.below(diag.At("spec.patches", i)),
			})
		}
	}
}

// finalName is the name that a Service or workload has now, for one that it had before an overlay renamed it.
func (r *resolver) finalName(m *mesh, target v1alpha1.PatchTarget) string {
	final := target.Name
	for _, object := range r.namesakes(target.Kind) {
		if object.Namespace != m.namespace || !object.Named(target.Name) {
			continue
		}
		if object.Name == target.Name {
			return target.Name
		}
		final = object.Name
	}
	return final
}

// namesakes lists what generated objects of a kind are named after.
func (r *resolver) namesakes(kind string) []*facts.Identity {
	var all []*facts.Identity
	if kind == "Telemetry" {
		for _, workload := range r.facts.Workloads {
			all = append(all, &workload.Identity)
		}
		return all
	}
	for _, service := range r.facts.Services {
		all = append(all, &service.Identity)
	}
	return all
}
