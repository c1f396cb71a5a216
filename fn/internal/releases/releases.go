// Package releases knows which release of Istio brought which field of its API. An older one drops such a field without a
// word, or refuses the object.
package releases

import (
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Part is a field of an object, a value in it or its kind, and the minor release that was the first to have it.
type Part struct {
	Path  string // of the field, "" for the kind
	Value string // of an enum, "" for the field itself
	Minor int
}

// Kind is the minor release that brought a kind, by the type of its spec; 0 for what the oldest release had.
func Kind(spec protoreflect.MessageDescriptor) int { return since(string(spec.FullName())) }

// Newer lists what was written and is newer than a release. What stands below a field that is newer itself needs no word of
// its own. What does not fit the type is passed over, which somebody else reports.
func Newer(fields map[string]any, message protoreflect.MessageDescriptor, path string, minor int) []Part {
	var found []Part
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		field := message.Fields().ByJSONName(name)
		if field == nil || fields[name] == nil {
			continue
		}
		at := diag.Join(path, name)
		if first := since(string(message.FullName()) + "." + name); first > minor {
			found = append(found, Part{Path: at, Minor: first})
			continue
		}
		found = append(found, newerValues(fields[name], field, at, minor)...)
	}
	return found
}

func newerValues(value any, field protoreflect.FieldDescriptor, path string, minor int) []Part {
	var found []Part
	list, isList := value.([]any)
	entries, isMapping := value.(map[string]any)
	switch {
	case field.IsList() && isList:
		for i, entry := range list {
			found = append(found, newerValue(entry, field, diag.At(path, i), minor)...)
		}
	case field.IsMap() && isMapping:
		for _, key := range slices.Sorted(maps.Keys(entries)) {
			found = append(found, newerValue(entries[key], field.MapValue(), diag.Join(path, key), minor)...)
		}
	case !field.IsList() && !field.IsMap():
		return newerValue(value, field, path, minor)
	}
	return found
}

func newerValue(value any, field protoreflect.FieldDescriptor, path string, minor int) []Part {
	switch word, isText := value.(string); {
	case field.Enum() != nil && isText:
		if first := since(string(field.Enum().FullName()) + "." + word); first > minor {
			return []Part{{Path: path, Value: word, Minor: first}}
		}
	case field.Message() != nil && !strings.HasPrefix(string(field.Message().FullName()), "google.protobuf."):
		if fields, ok := value.(map[string]any); ok {
			return Newer(fields, field.Message(), path, minor)
		}
	}
	return nil
}
