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
	var layers []block
	add := func(name spec.Layer, at spec.Located, settings *v1alpha1.Defaults) {
		if settings != nil {
			layers = append(layers, block{layer{name: name, at: at}, settings})
		}
	}
	if profile := r.documents.Profile; profile != nil {
		add(spec.ProfileDefaults, below(profile, "spec.defaults"), profile.Value.Spec.Defaults)
		if rules := profile.Value.Spec.Namespaces[m.namespace]; rules != nil {
			add(spec.NamespaceDefaults, below(profile, diag.Join("spec.namespaces", m.namespace)+".defaults"), rules.Defaults)
		}
	}
	add(spec.MeshDefaults, m.below("spec.defaults"), m.Value.Spec.Defaults)
	return layers
}

// traffic lists the layers of the settings of calls to one port.
func (r *resolver) traffic(m *mesh) []trafficLayer {
	layers := []trafficLayer{{layer{name: spec.BuiltIn, note: becauseRetries}, builtIn()}}
	for _, b := range r.defaults(m) {
		layers = append(layers, trafficLayer{b.layer, b.settings.TrafficSettings})
	}
	return layers
}

// pods lists the layers of the settings of pods.
func (r *resolver) pods(m *mesh) []podLayer {
	var layers []podLayer
	for _, b := range r.defaults(m) {
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
