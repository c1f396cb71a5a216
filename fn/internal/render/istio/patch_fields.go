package istio

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/plan"
)

// unknownField finds the first field of a patch that Istio's type does not have. A cluster keeps only the spelling of the
// reference, so connection_pool, which protobuf reads too, counts as unknown.
func unknownField(p *plan.Patch, typed proto.Message) *diag.Finding {
	spec, _ := p.Merge["spec"].(map[string]any)
	path, key, known := firstUnknown(spec, typed.ProtoReflect().Descriptor(), "spec")
	if key == "" {
		return nil
	}
	finding := &diag.Finding{
		Code: diag.PatchInvalid, Source: p.Field(diag.Join("merge."+path, key)),
		Message: fmt.Sprintf("%s of a %s has no field %q; it has: %s", path, p.Kind, key, diag.OneOf(known)),
		Because: []string{"a patch is checked against Istio's own type: https://istio.io/latest/docs/reference/config/networking/"},
	}
	if nearest, ok := diag.Nearest(key, known); ok {
		finding.Try = nearest + ": …"
	}
	return finding
}

func firstUnknown(fields map[string]any, message protoreflect.MessageDescriptor, path string) (at, key string, known []string) {
	if strings.HasPrefix(string(message.FullName()), "google.protobuf.") {
		return "", "", nil
	}
	types := map[string]protoreflect.FieldDescriptor{}
	for i := range message.Fields().Len() {
		field := message.Fields().Get(i)
		types[field.JSONName()] = field
	}
	for _, name := range sortedKeys(fields) {
		field, ok := types[name]
		if !ok {
			return path, name, slices.Collect(maps.Keys(types))
		}
		if field.Message() == nil || field.IsMap() {
			continue
		}
		if at, key, known = unknownInside(fields[name], field.Message(), diag.Join(path, name)); key != "" {
			return at, key, known
		}
	}
	return "", "", nil
}

func unknownInside(value any, message protoreflect.MessageDescriptor, path string) (at, key string, known []string) {
	switch value := value.(type) {
	case map[string]any:
		return firstUnknown(value, message, path)
	case []any:
		for i, entry := range value {
			if at, key, known = unknownInside(entry, message, diag.At(path, i)); key != "" {
				return at, key, known
			}
		}
	}
	return "", "", nil
}
