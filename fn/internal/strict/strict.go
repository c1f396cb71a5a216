// Package strict compares what somebody wrote with the type that Istio has for it. Istio's own decoders ignore or accept
// more than a cluster does, and say less about where the mistake is.
package strict

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Misfit is a field that does not fit the type.
type Misfit struct {
	Path    string
	Problem string
	Allowed string
	Nearest string // the field that was probably meant, if any is close
	Instead string // the value that was probably meant, as it has to be written, if that can be told
}

// Fields finds the fields that a type does not have, or that have the wrong shape. A cluster keeps only the spelling
// of the reference, so connection_pool, which protobuf reads too, counts as unknown. Null counts as an absent field.
func Fields(fields map[string]any, message protoreflect.MessageDescriptor, path string) []Misfit {
	var found []Misfit
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
			found = append(found, Misfit{at, fmt.Sprintf("%s has no field %q", path, name), diag.OneOf(known), nearest, ""})
			continue
		}
		found = append(found, fieldMisfits(fields[name], field, at)...)
	}
	return found
}

func fieldMisfits(value any, field protoreflect.FieldDescriptor, path string) []Misfit {
	var found []Misfit
	if value == nil { // It removes the field.
		return nil
	}
	values, isList := value.([]any)
	entries, isMapping := value.(map[string]any)
	switch {
	case field.IsList() && !isList:
		return instead(wrong(path, value, "a list"), listed(value))
	case field.IsList():
		for i, entry := range values {
			found = append(found, valueMisfits(entry, field, diag.At(path, i))...)
		}
		return found
	case field.IsMap() && !isMapping:
		return wrong(path, value, "a mapping")
	case field.IsMap():
		for _, key := range slices.Sorted(maps.Keys(entries)) {
			found = append(found, valueMisfits(entries[key], field.MapValue(), diag.Join(path, key))...)
		}
		return found
	}
	return valueMisfits(value, field, path)
}

// valueMisfits judges one value.
func valueMisfits(value any, field protoreflect.FieldDescriptor, path string) []Misfit {
	message := field.Message()
	if message == nil {
		return scalarMisfit(value, field, path)
	}
	if strings.HasPrefix(string(message.FullName()), "google.protobuf.") {
		return wellKnownMisfit(value, message, path)
	}
	fields, ok := value.(map[string]any)
	if !ok {
		return wrong(path, value, "a mapping")
	}
	return Fields(fields, message, path)
}

// wellKnownMisfit judges what protobuf writes in a form of its own: durations as text, and wrappers as the value that they
// wrap. The rest, such as the value of a patch, is judged by reading it.
func wellKnownMisfit(value any, message protoreflect.MessageDescriptor, path string) []Misfit {
	if message.FullName() == "google.protobuf.Duration" {
		text, ok := value.(string)
		if _, err := time.ParseDuration(text); ok && err == nil {
			return nil
		}
		return instead(wrong(path, value, "a duration such as 250ms, 5s or 1m"), seconds(value))
	}
	if wrapped := message.Fields().ByName("value"); wrapped != nil && wrapped.Message() == nil && strings.HasSuffix(string(message.Name()), "Value") {
		return scalarMisfit(value, wrapped, path)
	}
	return nil
}

func scalarMisfit(value any, field protoreflect.FieldDescriptor, path string) []Misfit {
	switch field.Kind() {
	case protoreflect.EnumKind:
		return enumMisfit(value, field.Enum().Values(), path)
	case protoreflect.StringKind, protoreflect.BytesKind:
		return instead(unless[string](path, value, "text in quotes"), quoted(value))
	case protoreflect.BoolKind:
		return unless[bool](path, value, "true or false")
	case protoreflect.DoubleKind, protoreflect.FloatKind:
		if _, ok := value.(int); ok {
			return nil
		}
		return unless[float64](path, value, "a number")
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		if number, ok := value.(int); ok && (number < 0 || number > math.MaxUint32) {
			return wrong(path, value, "a whole number from 0 to 4294967295")
		}
		return instead(unless[int](path, value, "a whole number"), bare(value))
	default:
		return instead(unless[int](path, value, "a whole number"), bare(value))
	}
}

func enumMisfit(value any, known protoreflect.EnumValueDescriptors, path string) []Misfit {
	words := make([]string, 0, known.Len())
	for i := range known.Len() {
		words = append(words, string(known.Get(i).Name()))
	}
	if word, ok := value.(string); ok && slices.Contains(words, word) {
		return nil
	}
	nearest, _ := diag.Nearest(fmt.Sprint(value), words)
	return instead(wrong(path, value, diag.OneOf(words)), nearest)
}

func unless[T any](path string, value any, allowed string) []Misfit {
	if _, ok := value.(T); ok {
		return nil
	}
	return wrong(path, value, allowed)
}

func wrong(path string, value any, allowed string) []Misfit {
	text, err := json.Marshal(value)
	if err != nil || len(text) > 60 {
		text = []byte("something else")
	}
	return []Misfit{{path, fmt.Sprintf("%s is %s", path, text), allowed, "", ""}}
}

// instead adds what to write to a misfit.
func instead(found []Misfit, value string) []Misfit {
	for i := range found {
		found[i].Instead = value
	}
	return found
}

// seconds is a number with the unit that it probably lacks, "" for anything else.
func seconds(value any) string {
	text := fmt.Sprint(value)
	if _, err := strconv.ParseUint(text, 10, 32); err != nil {
		return ""
	}
	return text + "s"
}

// bare is the whole number that a text holds, "" for anything else.
func bare(value any) string {
	text, _ := value.(string)
	if _, err := strconv.ParseInt(text, 10, 64); err != nil {
		return ""
	}
	return text
}

// listed is a list of one text, "" for anything else.
func listed(value any) string {
	if text, ok := value.(string); ok && text != "" && !strings.ContainsAny(text, "*&!%@`{}[]#,:\"' ") {
		return "[" + text + "]"
	}
	return ""
}

// quoted is a whole number or a truth value as text. Another number may not be written as it was meant: 1.10 is 1.1.
func quoted(value any) string {
	switch value.(type) {
	case int, bool:
		return fmt.Sprintf("%q", fmt.Sprint(value))
	}
	return ""
}
