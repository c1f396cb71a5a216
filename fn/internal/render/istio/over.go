package istio

import (
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"istio.io/istio/pkg/util/protomarshal"
)

// over lays a block over what the mesh has for it besides, which is in Istio's own words. Words that do not fit are refused
// when the profile is compared with Istio's types.
func over[T proto.Message](rest string, block T) T {
	below, isBlock := block.ProtoReflect().New().Interface().(T)
	if rest == "" || !isBlock || protomarshal.ApplyJSON(rest, below) != nil {
		return block
	}
	lay(below.ProtoReflect(), block.ProtoReflect())
	return below
}

// lay copies what a message says into another one. A duration, say, is copied as a whole: it is one value to its author.
func lay(below, block protoreflect.Message) {
	block.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		nested := field.Message() != nil && !field.IsList() && !field.IsMap() &&
			!strings.HasPrefix(string(field.Message().FullName()), "google.protobuf.")
		if nested {
			lay(below.Mutable(field).Message(), value.Message())
		} else {
			below.Set(field, value)
		}
		return true
	})
}
