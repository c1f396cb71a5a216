package istio

import (
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
)

// allFields lists what users may write, as Type.field.
func allFields() map[string]bool {
	all := map[string]bool{}
	fieldsOf(reflect.TypeFor[v1alpha1.Mesh](), all)
	fieldsOf(reflect.TypeFor[v1alpha1.MeshProfile](), all)
	return all
}

func fieldsOf(of reflect.Type, all map[string]bool) {
	switch of.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		fieldsOf(of.Elem(), all)
		return
	case reflect.Struct:
	default:
		return
	}
	for field := range of.Fields() {
		name, ok := v1alpha1.FieldName(field)
		switch {
		case !ok:
		case name == "":
			fieldsOf(field.Type, all)
		default:
			all[of.Name()+"."+name] = true
			fieldsOf(field.Type, all)
		}
	}
}

// variant is an input in which one field is not as it was written.
type variant struct {
	input   string
	missing bool // the field is taken away; else its value is another one
}

// variants makes, for every place where a field is written, an input without it and one with another value.
func (c *meaningCase) variants(field string) ([]variant, error) {
	var out []variant
	for i, document := range c.documents {
		if !strings.Contains(document, "apiVersion: meshfn.dev/") {
			continue
		}
		var node yaml.Node
		if err := yaml.Unmarshal([]byte(document), &node); err != nil {
			return nil, err
		}
		kind := reflect.TypeFor[v1alpha1.Mesh]()
		if strings.Contains(document, "kind: "+v1alpha1.KindMeshProfile+"\n") {
			kind = reflect.TypeFor[v1alpha1.MeshProfile]()
		}
		var err error
		with := func(missing bool) {
			text, problem := yaml.Marshal(&node)
			if problem != nil {
				err = problem
			}
			all := slices.Clone(c.documents)
			all[i] = string(text)
			out = append(out, variant{strings.Join(all, "---\n"), missing})
		}
		vary(node.Content[0], kind, field, with)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// vary takes one field away wherever it is, then gives it another value, and puts it back.
func vary(node *yaml.Node, of reflect.Type, field string, with func(missing bool)) {
	for of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	switch {
	case of.Kind() == reflect.Slice && node.Kind == yaml.SequenceNode:
		for _, one := range node.Content {
			vary(one, of.Elem(), field, with)
		}
	case of.Kind() == reflect.Map && node.Kind == yaml.MappingNode:
		for i := 1; i < len(node.Content); i += 2 {
			vary(node.Content[i], of.Elem(), field, with)
		}
	case of.Kind() == reflect.Struct && node.Kind == yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			owner, inside, ok := fieldNamed(of, node.Content[i].Value)
			if !ok {
				continue
			}
			if owner+"."+node.Content[i].Value == field {
				kept := node.Content
				node.Content = slices.Delete(slices.Clone(kept), i, i+2)
				with(true)
				node.Content = kept
				if undo := change(node.Content[i+1]); undo != nil {
					with(false)
					undo()
				}
			}
			vary(node.Content[i+1], inside, field, with)
		}
	}
}

// change gives the first value in a node another value of the same kind.
func change(node *yaml.Node) (undo func()) {
	if node.Kind != yaml.ScalarNode {
		for i, one := range node.Content {
			if node.Kind == yaml.MappingNode && i%2 == 0 {
				continue
			}
			if undo := change(one); undo != nil {
				return undo
			}
		}
		return nil
	}
	kept := node.Value
	switch {
	case kept == "":
		return nil
	case node.Tag == "!!bool":
		node.Value = map[string]string{"true": "false", "false": "true"}[kept]
	case kept[0] >= '0' && kept[0] <= '9':
		node.Value = "1" + kept
	default:
		node.Value = kept + "x"
	}
	return func() { node.Value = kept }
}

func fieldNamed(of reflect.Type, wanted string) (owner string, field reflect.Type, ok bool) {
	for candidate := range of.Fields() {
		name, written := v1alpha1.FieldName(candidate)
		switch {
		case !written:
		case name == wanted:
			return of.Name(), candidate.Type, true
		case name == "":
			if owner, field, ok := fieldNamed(candidate.Type, wanted); ok {
				return owner, field, true
			}
		}
	}
	return "", nil, false
}
