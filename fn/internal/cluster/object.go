package cluster

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/manifest"
)

// Meta is what is known of an object besides its spec.
type Meta struct {
	diag.Resource
	Labels      map[string]string
	Annotations map[string]string

	Generated *manifest.Object // nil for an object kept by hand
	Item      *item.Item       // nil for a generated object

	typed  proto.Message  // nil for a kind that is not read
	fields map[string]any // of the spec, as they are written
}

// Object is one object with its spec. It belongs to the run; nothing may change it.
type Object[T any] struct {
	*Meta
	Spec T
}

// At is the place of a field such as spec.http[0]: in the object itself, or for a generated one in the compact spec that it
// came from, because that is where its author can change something.
func (m *Meta) At(field string) diag.Source {
	if m.Generated != nil {
		return m.Generated.From
	}
	return m.Item.Source(field)
}

// WrittenAt is the place where a field such as spec.http[0] was written: for a generated object the last patch that has it,
// if there is one.
func (m *Meta) WrittenAt(field string) diag.Source {
	if m.Generated != nil {
		for _, patch := range slices.Backward(m.Generated.Patches) {
			if contains(patch.Merge, "", field) {
				return patch.At(field)
			}
		}
	}
	return m.At(field)
}

// contains reports whether a field is among those that somebody wrote.
func contains(value any, path, field string) bool {
	if path == field {
		return true
	}
	if !strings.HasPrefix(field, path) {
		return false
	}
	switch value := value.(type) {
	case map[string]any:
		for key, entry := range value {
			if contains(entry, diag.Join(path, key), field) {
				return true
			}
		}
	case []any:
		for i, entry := range value {
			if contains(entry, diag.At(path, i), field) {
				return true
			}
		}
	}
	return false
}

// Fields are those of the spec, as they are written.
func (m *Meta) Fields() map[string]any { return m.fields }

// ByHand reports whether the object is the user's own.
func (m *Meta) ByHand() bool { return m.Generated == nil }

// Message is the spec as Istio's type, nil for a kind that is not read.
func (m *Meta) Message() proto.Message { return m.typed }

// Group is the API group of the object.
func (m *Meta) Group() string { return groupOf(m.APIVersion) }
