package resolve

import (
	"reflect"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// block is what one layer says as a whole, and where.
type block struct {
	layer
	settings *v1alpha1.Defaults
}

// defaults lists the layers below the entry of a Service or workload, the lowest first: the profile, its namespace, and
// the Mesh.
func (r *resolver) defaults(m *mesh) []block {
	layers := r.profileDefaults(m.namespace)
	if settings := m.Value.Spec.Defaults; settings != nil {
		layers = append(layers, block{layer{name: spec.MeshDefaults, at: m.below("spec.defaults")}, settings})
	}
	return layers
}

// profileDefaults lists the layers of the profile for a namespace.
func (r *resolver) profileDefaults(namespace string) []block {
	profile := r.documents.Profile
	if profile == nil {
		return nil
	}
	var layers []block
	if settings := profile.Value.Spec.Defaults; settings != nil {
		layers = append(layers, block{layer{name: spec.ProfileDefaults, at: below(profile, "spec.defaults")}, settings})
	}
	if rules := profile.Value.Spec.Namespaces[namespace]; rules != nil && rules.Defaults != nil {
		at := below(profile, diag.Join("spec.namespaces", namespace)+".defaults")
		layers = append(layers, block{layer{name: spec.NamespaceDefaults, at: at}, rules.Defaults})
	}
	return layers
}

// traffic lists the layers of the settings of calls to one port: those of the blocks above the built-in one.
func traffic(blocks []block) []trafficLayer {
	layers := []trafficLayer{{layer{name: spec.BuiltIn, note: becauseRetries}, builtIn()}}
	for _, b := range blocks {
		layers = append(layers, trafficLayer{b.layer, b.settings.TrafficSettings})
	}
	return layers
}

// pods lists the layers of the settings of pods.
func pods(blocks []block) []podLayer {
	var layers []podLayer
	for _, b := range blocks {
		layers = append(layers, podLayer{b.layer, b.settings.WorkloadSettings})
	}
	return layers
}

type (
	trafficLayer = settingsLayer[v1alpha1.TrafficSettings]
	podLayer     = settingsLayer[v1alpha1.WorkloadSettings]
)

// settingsLayer is a block of settings and where it was written.
type settingsLayer[T any] struct {
	layer
	settings T
}

// mergeLayers lays blocks of settings over each other, the lowest first.
func mergeLayers[T any](r *resolver, layers []settingsLayer[T]) (T, spec.Origins) {
	var merged T
	m := newMerger(r.presets, r.report)
	for _, l := range layers {
		m.merge(reflect.ValueOf(&merged).Elem(), reflect.ValueOf(l.settings), "", l.layer)
	}
	return merged, m.origins
}
