package explain

import (
	"cmp"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Rung is what one layer says about a setting.
type Rung struct {
	Layer spec.Layer  `json:"layer"`
	Value string      `json:"value,omitempty"` // empty where the layer says nothing
	At    diag.Source `json:"at,omitzero"`
	Note  string      `json:"note,omitempty"`
	Wins  bool        `json:"wins,omitempty"`
	Place string      `json:"place,omitempty"` // where the layer would say it
}

// Ladder lists the layers of a setting, the highest first. Versions, hosts and the like have none.
func (l *Line) Ladder() []Rung {
	if l.From.Setting == "" {
		return nil
	}
	var rungs []Rung
	for _, layer := range slices.Backward(spec.Layers()) {
		if layer == spec.PortEntry && l.Port == "" {
			continue
		}
		rungs = append(rungs, l.rung(layer))
	}
	return rungs
}

func (l *Line) rung(layer spec.Layer) Rung {
	rung := Rung{Layer: layer, Place: l.placeIn(layer)}
	switch {
	case layer == l.From.Layer:
		rung.Value, rung.At, rung.Wins = l.Value, l.From.At, true
		if l.From.Note != "false" {
			rung.Note = l.From.NoteWithPlace()
		}
	case l.Unset != nil && layer == spec.BuiltIn:
		rung.Value, rung.Wins = l.Unset.Default, true
	default:
		for _, before := range l.From.Before() {
			if before.Layer == layer {
				rung.add(l.Field, before)
			}
		}
	}
	return rung
}

// add takes in what a layer said. A setting that cleared a whole block overrides all that was in it; what a word stood for
// is told by the word.
func (r *Rung) add(field string, said spec.Overridden) {
	value := wordOf(field, said)
	switch {
	case r.Value == value:
		return
	case r.Value != "":
		value = r.Value + ", " + value
	}
	r.Value, r.At, r.Note = value, said.At, said.Note
	if said.Field != field {
		r.Note = ""
	}
}

// wordOf is what a layer said about a field, or about what is in it.
func wordOf(field string, said spec.Overridden) string {
	switch {
	case said.Field == field:
		return said.Value
	case said.Note != "" && said.Layer != spec.BuiltIn:
		return said.Note
	}
	return strings.TrimPrefix(said.Field, field+".") + " " + said.Value
}

// placeIn is where a layer says it, or would.
func (l *Line) placeIn(layer spec.Layer) string {
	subject := diag.ParseResource(l.Subject)
	if len(l.Former) > 0 { // A Mesh is written beside what an overlay renames.
		subject.Name = l.Former[0]
	}
	entry := diag.Join("spec.services", subject.Name)
	if subject.Kind != "Service" {
		entry = diag.Join("spec.workloads", subject.Kind+"/"+subject.Name)
	}
	if l.Field == "stage" { // It is said of whole namespaces.
		return "MeshProfile spec.rollout, or Mesh spec.stage where there is none"
	}
	switch layer {
	case spec.PortEntry:
		return "Mesh " + diag.Join(entry+".ports", l.Port) + "." + l.Field
	case spec.OwnEntry:
		return "Mesh " + entry + "." + l.Field
	case spec.MeshDefaults:
		return "Mesh spec.defaults." + l.Field
	case spec.NamespaceDefaults:
		return "MeshProfile " + diag.Join("spec.namespaces", cmp.Or(subject.Namespace, "NAMESPACE")) + ".defaults." + l.Field
	case spec.ProfileDefaults:
		return "MeshProfile spec.defaults." + l.Field
	case spec.MeshConfig, spec.BuiltIn, spec.Unset:
	}
	return ""
}
