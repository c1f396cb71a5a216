package resolve

import (
	"fmt"
	"maps"
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// external resolves the hosts outside the mesh. Defaults are about Services and workloads, so a host has what is written for
// it, above what is built in.
func (r *resolver) external() {
	for _, m := range r.meshes {
		for _, name := range slices.Sorted(maps.Keys(m.Value.Spec.External)) {
			entry := m.Value.Spec.External[name]
			at := m.below(diag.Join("spec.external", name))
			settings, origins := mergeLayers(r, append(traffic(nil), trafficLayer{layer{name: spec.OwnEntry, at: at}, entry.TrafficSettings}))
			r.out.External = append(r.out.External, spec.External{
				Name: name, Namespace: m.namespace, Owner: m.owner(), Stage: m.stage, Entry: entry,
				Called: r.documents.Names.Of(entry.URL.Host), Traffic: settings, Origins: origins, At: at, Item: m.Item, Field: diag.Join("spec.external", name),
			})
			r.keepLimits(r.out.Rules.In(m.namespace), settings, origins)
		}
	}
	r.egress()
}

// externalOf finds an entry of `external` of a Mesh.
func (r *resolver) externalOf(owner spec.Owner, name string) *spec.External {
	for i := range r.out.External {
		if r.out.External[i].Name == name && r.out.External[i].Owner.String() == owner.String() {
			return &r.out.External[i]
		}
	}
	return nil
}

func externalNames(m *v1alpha1.Mesh) []string { return slices.Sorted(maps.Keys(m.Spec.External)) }

// unusedExternal finds hosts that nobody calls in a Mesh which says of all of its workloads what they call.
func (r *resolver) unusedExternal() {
	for i := range r.out.External {
		e := &r.out.External[i]
		if used, all := r.dependsOnEntry(e); used || !all {
			continue
		}
		r.report(diag.Finding{
			Code: diag.ExternalUnused, Severity: diag.Info, Source: e.At(""),
			Message: fmt.Sprintf("no dependsOn of this Mesh names %q, and all of its workloads say what they call", e.Name),
			Try:     fmt.Sprintf("dependsOn: [%s] where it is called, or remove the entry", e.Name),
		})
	}
}

// dependsOnEntry reports whether somebody calls an entry, and whether all workloads of its Mesh, of which there are some, say
// what they call.
func (r *resolver) dependsOnEntry(e *spec.External) (used, all bool) {
	workloads := 0
	all = true
	look := func(pods *spec.Workload) {
		if pods.Owner.String() != e.Owner.String() {
			return
		}
		workloads++
		all = all && pods.Calls != nil
		used = used || slices.ContainsFunc(pods.Calls, func(call spec.Dependency) bool { return call.External == e })
	}
	for i := range r.out.Services {
		look(&r.out.Services[i].Workload)
	}
	for i := range r.out.Workloads {
		look(&r.out.Workloads[i])
	}
	return used, all && workloads > 0
}
