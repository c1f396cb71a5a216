package resolve

import (
	"maps"
	"reflect"
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// lockable reports whether a path is a field that a Mesh can write, and says what is wrong where it is none.
func (r *rulesReader) lockable(path, field string) bool {
	of, known := reflect.TypeFor[v1alpha1.Service](), append(r.paths(), r.entryFields()...)
	names := keysIn(path)
	if len(names) > 0 && !slices.Contains(typeFields(of), names[0]) {
		of = reflect.TypeFor[v1alpha1.MeshSpec]()
	}
	at := ""
	for i, name := range names {
		for of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		next, ok := fieldType(of, name)
		switch {
		case of.Kind() == reflect.Map && at == "expose":
			gateways := r.documents.Profile.Value.Spec.Gateways
			next, known = of.Elem(), joined("expose", slices.Sorted(maps.Keys(gateways)))
			_, ok = gateways[name]
		case of.Kind() == reflect.Map:
			next, ok = of.Elem(), true
		case i == 0:
			ok = ok && slices.Contains(r.entryFields(), name)
		}
		if !ok {
			r.unknownPath(field, path, "field", known)
			return false
		}
		of, at = next, diag.Join(at, name)
		known = joined(at, typeFields(of))
	}
	if len(names) == 0 {
		r.unknownPath(field, path, "field", known)
	}
	return len(names) > 0
}

// entryFields are what a lock may begin with: the fields of a Service's entry, and those of a Mesh that hold no settings.
func (r *rulesReader) entryFields() []string {
	names := typeFields(reflect.TypeFor[v1alpha1.Service]())
	for _, name := range typeFields(reflect.TypeFor[v1alpha1.MeshSpec]()) {
		if name != "defaults" && name != "services" && name != "workloads" {
			names = append(names, name)
		}
	}
	return names
}

// typeFields lists the fields of a mapping by their names in YAML.
func typeFields(of reflect.Type) []string {
	for of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	if of.Kind() != reflect.Struct {
		return nil
	}
	var names []string
	for field := range of.Fields() {
		switch name, ok := v1alpha1.FieldName(field); {
		case ok && name == "":
			names = append(names, typeFields(field.Type)...)
		case ok:
			names = append(names, name)
		}
	}
	return names
}

func fieldType(of reflect.Type, wanted string) (reflect.Type, bool) {
	if of.Kind() != reflect.Struct {
		return nil, false
	}
	for field := range of.Fields() {
		name, ok := v1alpha1.FieldName(field)
		switch {
		case ok && name == wanted:
			return field.Type, true
		case ok && name == "":
			if found, ok := fieldType(field.Type, wanted); ok {
				return found, true
			}
		}
	}
	return nil, false
}

func joined(path string, names []string) []string {
	all := make([]string, 0, len(names)+1)
	for _, name := range names {
		all = append(all, diag.Join(path, name))
	}
	return append(all, path)
}

// keysIn takes a path apart, nil for one that is not written as findings write it: nothing else would be compared with it.
func keysIn(path string) []string {
	steps, ok := diag.Split(path)
	var names []string
	canonical := ""
	for _, step := range steps {
		canonical = diag.Join(canonical, step.Key)
		names = append(names, step.Key)
	}
	if !ok || canonical != path {
		return nil
	}
	return names
}
