package resolve

import (
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
				Traffic: settings, Origins: origins, At: at, Item: m.Item, Field: diag.Join("spec.external", name),
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
