package istio

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/plan"
)

// misfit finds the first field of a patch that Istio's type does not have, or that has the wrong shape. A cluster keeps
// only the spelling of the reference, so connection_pool, which protobuf reads too, counts as unknown.
func misfit(p *plan.Patch, typed proto.Message) *diag.Finding {
	spec, _ := p.Merge["spec"].(map[string]any)
	found := fieldsMisfit(spec, typed.ProtoReflect().Descriptor(), "spec")
	if found == nil {
		return nil
	}
	finding := &diag.Finding{
		Code: diag.PatchInvalid, Source: p.Field("merge." + found.path), Message: found.problem + "; allowed: " + found.allowed,
		Because: []string{"a patch is checked against Istio's own type: https://istio.io/latest/docs/reference/config/networking/"},
	}
	if found.nearest != "" {
		finding.Try = found.nearest + ": …"
	}
	return finding
}

// unfit is a field that does not fit the type.
type unfit struct{ path, problem, allowed, nearest string }

func fieldsMisfit(fields map[string]any, message protoreflect.MessageDescriptor, path string) *unfit {
	types := map[string]protoreflect.FieldDescriptor{}
	for i := range message.Fields().Len() {
		field := message.Fields().Get(i)
		types[field.JSONName()] = field
	}
	known := slices.Collect(maps.Keys(types))
	for _, name := range sortedKeys(fields) {
		at := diag.Join(path, name)
		field, ok := types[name]
		if !ok {
			nearest, _ := diag.Nearest(name, known)
			return &unfit{at, fmt.Sprintf("%s has no field %q", path, name), diag.OneOf(known), nearest}
		}
		if found := fieldMisfit(fields[name], field, at); found != nil {
			return found
		}
	}
	return nil
}

func fieldMisfit(value any, field protoreflect.FieldDescriptor, path string) *unfit {
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
		for _, key := range sortedKeys(entries) {
			if found := valueMisfit(entries[key], field.MapValue(), diag.Join(path, key)); found != nil {
				return found
			}
		}
		return nil
	}
	return valueMisfit(value, field, path)
}

// valueMisfit judges one value. What protobuf writes in a form of its own, such as durations, is judged by reading it.
func valueMisfit(value any, field protoreflect.FieldDescriptor, path string) *unfit {
	if message := field.Message(); message != nil {
		fields, ok := value.(map[string]any)
		switch {
		case strings.HasPrefix(string(message.FullName()), "google.protobuf."):
			return nil
		case !ok:
			return wrong(path, value, "a mapping")
		}
		return fieldsMisfit(fields, message, path)
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

func enumMisfit(value any, known protoreflect.EnumValueDescriptors, path string) *unfit {
	words := make([]string, 0, known.Len())
	for i := range known.Len() {
		words = append(words, string(known.Get(i).Name()))
	}
	if word, ok := value.(string); ok && slices.Contains(words, word) {
		return nil
	}
	return wrong(path, value, diag.OneOf(words))
}

func unless[T any](path string, value any, allowed string) *unfit {
	if _, ok := value.(T); ok {
		return nil
	}
	return wrong(path, value, allowed)
}

func wrong(path string, value any, allowed string) *unfit {
	text, err := json.Marshal(value)
	if err != nil || len(text) > 60 {
		text = []byte("something else")
	}
	return &unfit{path, fmt.Sprintf("%s is %s", path, text), allowed, ""}
}
