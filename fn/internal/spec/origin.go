// Package spec is what a build's documents say once every layer is merged: one value per setting, and for each value
// the layer and the place that set it. It is data; resolve fills it, plan reads it.
package spec

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Layer is a place in the order of precedence; a later one overrides an earlier one, field by field.
type Layer int

// The layers, lowest first. Unset is the zero value: nobody said anything.
const (
	Unset Layer = iota
	BuiltIn
	MeshConfig
	ProfileDefaults
	NamespaceDefaults
	MeshDefaults
	OwnEntry
	PortEntry
)

// Layers lists the layers in which a setting can be given, lowest first. The mesh config is none: it is in words of its own.
func Layers() []Layer {
	return []Layer{BuiltIn, ProfileDefaults, NamespaceDefaults, MeshDefaults, OwnEntry, PortEntry}
}

// String names the layer in messages.
func (l Layer) String() string {
	return [...]string{"unset", "built-in default", "mesh config", "profile", "namespace", "spec.defaults", "entry", "port"}[l]
}

// MarshalText makes reports carry the name.
func (l Layer) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads the name back from a report.
func (l *Layer) UnmarshalText(text []byte) error {
	for known := Unset; known <= PortEntry; known++ {
		if known.String() == string(text) {
			*l = known
			return nil
		}
	}
	return fmt.Errorf("unknown layer %q", text)
}

// Origin says who set a value.
type Origin struct {
	Layer   Layer       `json:"layer,omitzero"`
	Setting string      `json:"setting,omitempty"` // path in the block of settings, such as retries.attempts
	At      diag.Source `json:"at,omitzero"`       // zero for a built-in default
	Note    string      `json:"note,omitempty"`    // what the value was written as, such as: preset medium; or why it is built in
	Via     diag.Source `json:"via,omitzero"`      // where the profile says what that stands for

	Overrode *History `json:"overrode,omitempty"` // what lower layers said, nil where they said nothing
	Entries  *Entries `json:"-"`                  // the places of the entries of a list, nil for what is none
	Computed *Inputs  `json:"-"`                  // what a built-in value was computed from, nil for none
}

// Entries finds the entries of a list.
type Entries struct{ At func(i int) diag.Source }

// Entry is the origin of one entry of a list.
func (o Origin) Entry(i int) Origin {
	if o.Entries != nil {
		o.At, o.Entries = o.Entries.At(i), nil
	}
	return o
}

// Inputs is what a value was computed from: other settings, and places in objects of the user's, which are looked up only
// when somebody asks.
type Inputs struct {
	Asked    Origin // for the block that the value completes
	Settings []Origin
	Places   []func() diag.Source
}

// All lists the inputs as origins.
func (i *Inputs) All() []Origin {
	if i == nil {
		return nil
	}
	all := slices.Clone(i.Settings)
	if i.Asked.Layer != Unset {
		all = append(all, i.Asked)
	}
	for _, place := range i.Places {
		all = append(all, Origin{At: place()})
	}
	return all
}

// Filled is the origin of a value that completes a block, and who asked for the block.
func Filled(setting, note string, asked Origin) Origin {
	return Origin{Layer: BuiltIn, Setting: setting, Note: note, Computed: &Inputs{Asked: asked}}
}

// Computed is the origin of a value that nobody gave: why it is what it is, and the settings it was computed from.
func Computed(setting, note string, from ...Origin) Origin {
	origin := Origin{Layer: BuiltIn, Setting: setting, Note: note}
	from = slices.DeleteFunc(from, func(o Origin) bool { return o.Layer == Unset })
	if len(from) > 0 {
		origin.Computed = &Inputs{Settings: from}
	}
	return origin
}

// History is what layers said that others override, the lowest first.
type History []Overridden

// Overridden is a value that a higher layer replaced or cleared.
type Overridden struct {
	Field string      `json:"field"`
	Value string      `json:"value"`
	Layer Layer       `json:"layer"`
	At    diag.Source `json:"at,omitzero"`
	Note  string      `json:"note,omitempty"`
}

// Explicit reports whether the value was written for this very Service, port or workload. What cannot be applied is an
// error then, and skipped when it came from a default.
func (o Origin) Explicit() bool { return o.Layer >= OwnEntry }

// String says where the value comes from.
func (o Origin) String() string {
	text := o.Layer.String()
	if o.At.Field != "" {
		text = o.At.String()
	}
	if o.Note != "" {
		text += " (" + o.Note + ")"
	}
	return text
}

// NoteWithPlace is the note, and where the profile defines what it names.
func (o Origin) NoteWithPlace() string {
	if o.Note != "" && o.Via != (diag.Source{}) {
		return o.Note + ", defined at " + o.Via.String()
	}
	return o.Note
}

// Before is what lower layers said.
func (o Origin) Before() History {
	if o.Overrode == nil {
		return nil
	}
	return *o.Overrode
}

// Origins holds the origin of each value of a block of settings, by the field's path in the block.
type Origins map[string]Origin

// Of returns the origin of a field: its own, or that of the nearest block around it that was set as a whole.
func (o Origins) Of(path string) Origin {
	for {
		if origin, ok := o[path]; ok {
			return origin
		}
		parent, ok := diag.Parent(path)
		if !ok {
			return Origin{}
		}
		path = parent
	}
}

// Settings lists the settings that somebody gave a value of, by their first names.
func (o Origins) Settings() []string {
	seen := map[string]bool{}
	for field := range o {
		setting, _, _ := strings.Cut(field, ".")
		seen[setting] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// Within returns the strongest origin of a block or of anything in it, which is who asked for the block.
func (o Origins) Within(path string) Origin {
	best := o[path]
	for field, origin := range o {
		if !strings.HasPrefix(field, path+".") {
			continue
		}
		if origin.Layer > best.Layer || (origin.Layer == best.Layer && origin.At.Field < best.At.Field) {
			best = origin
		}
	}
	if best.Layer != Unset {
		best.Setting = path
	}
	return best
}
