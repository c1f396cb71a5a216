// Package strict compares what somebody wrote with the type that Istio has for it. Istio's own decoders ignore or accept
// more than a cluster does, and say less about where the mistake is.
package strict

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Misfit is a field that does not fit the type.
type Misfit struct {
	Path    string
	Problem string
	Allowed string
	Nearest string // the field that was probably meant, if any is close
}

// Fields finds the first field that a type does not have, or that has the wrong shape. A cluster keeps only the spelling
// of the reference, so connection_pool, which protobuf reads too, counts as unknown. Null counts as an absent field.
func Fields(fields map[string]any, message protoreflect.MessageDescriptor, path string) *Misfit {
	types := map[string]protoreflect.FieldDescriptor{}
	for i := range message.Fields().Len() {
		field := message.Fields().Get(i)
		types[field.JSONName()] = field
	}
	known := slices.Collect(maps.Keys(types))
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		at := diag.Join(path, name)
		field, ok := types[name]
		if !ok {
			nearest, _ := diag.Nearest(name, known)
			return &Misfit{at, fmt.Sprintf("%s has no field %q", path, name), diag.OneOf(known), nearest}
		}
		if found := fieldMisfit(fields[name], field, at); found != nil {
			return found
		}
	}
	return nil
}

func fieldMisfit(value any, field protoreflect.FieldDescriptor, path string) *Misfit {
	if value == nil { // It removes the field.
		return nil
	}
	values, isList := value.([]any)
	entries, isMapping := value.(map[string]any)
	switch {
	case field.IsList() && !isList:
		return wrong(path, value, "a list")
	case field.IsList():
		for i, entry := range values {
			if found := valueMisfit(entry, field, diag.At(path, i)); found != nil {
				return found
			}
		}
		return nil
	case field.IsMap() && !isMapping:
		return wrong(path, value, "a mapping")
	case field.IsMap():
		for _, key := range slices.Sorted(maps.Keys(entries)) {
			if found := valueMisfit(entries[key], field.MapValue(), diag.Join(path, key)); found != nil {
				return found
			}
		}
		return nil
	}
	return valueMisfit(value, field, path)
}

// valueMisfit judges one value. What protobuf writes in a form of its own, such as durations, is judged by reading it.
func valueMisfit(value any, field protoreflect.FieldDescriptor, path string) *Misfit {
	if message := field.Message(); message != nil {
		fields, ok := value.(map[string]any)
		switch {
		case strings.HasPrefix(string(message.FullName()), "google.protobuf."):
			return nil
		case !ok:
			return wrong(path, value, "a mapping")
		}
		return Fields(fields, message, path)
	}
	switch field.Kind() {
	case protoreflect.EnumKind:
		return enumMisfit(value, field.Enum().Values(), path)
	case protoreflect.StringKind, protoreflect.BytesKind:
		return unless[string](path, value, "text in quotes")
	case protoreflect.BoolKind:
		return unless[bool](path, value, "true or false")
	case protoreflect.DoubleKind, protoreflect.FloatKind:
		if _, ok := value.(int); ok {
			return nil
		}
		return unless[float64](path, value, "a number")
	default:
		return unless[int](path, value, "a whole number")
	}
}

func enumMisfit(value any, known protoreflect.EnumValueDescriptors, path string) *Misfit {
	words := make([]string, 0, known.Len())
	for i := range known.Len() {
		words = append(words, string(known.Get(i).Name()))
	}
	if word, ok := value.(string); ok && slices.Contains(words, word) {
		return nil
	}
	return wrong(path, value, diag.OneOf(words))
}

func unless[T any](path string, value any, allowed string) *Misfit {
	if _, ok := value.(T); ok {
		return nil
	}
	return wrong(path, value, allowed)
}

func wrong(path string, value any, allowed string) *Misfit {
	text, err := json.Marshal(value)
	if err != nil || len(text) > 60 {
		text = []byte("something else")
	}
	return &Misfit{path, fmt.Sprintf("%s is %s", path, text), allowed, ""}
}
