package tests

import (
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
)

// position is what moves in a message when a line above it goes.
var position = regexp.MustCompile(`<stdin>:\d+:\d+|(?m)^ +\d* \|.*$`)

// withoutEffect are the fields that are read and change nothing by themselves.
func withoutEffect() map[string]string {
	return map[string]string{
		"Metadata.labels":      "kept for the user",
		"Metadata.annotations": "kept for the user and the host",
		"MeshProfile.metadata": "names the profile, of which there is one",

		"CatalogWorkload.stage":          "for people, and for checks of both ends of a call",
		"CatalogWorkload.mtls":           "for people, and for checks of both ends of a call",
		"CatalogService.callers":         "for people, and for checks of both ends of a call",
		"CatalogService.callersComplete": "for people, and for checks of both ends of a call",
		"CatalogService.expose":          "for people",
	}
}

// TestEveryFieldHasAnEffect takes each field of each scenario's documents away in turn. A field whose absence never
// changes the plan, the output or the findings would be dropped silently.
func TestEveryFieldHasAnEffect(t *testing.T) {
	all := map[string]bool{}
	fieldsOf(reflect.TypeFor[v1alpha1.Mesh](), all)
	fieldsOf(reflect.TypeFor[v1alpha1.MeshProfile](), all)
	fieldsOf(reflect.TypeFor[v1alpha1.MeshCatalog](), all)
	shown := map[string]bool{}
	eachScenario(t, func(t *testing.T, inputs map[string]string) { takeAway(t, inputs, shown) })
	for _, field := range slices.Sorted(maps.Keys(all)) {
		why, excused := withoutEffect()[field]
		switch {
		case !shown[field] && !excused:
			t.Errorf("%s can be taken away without any effect in any scenario", field)
		case shown[field] && excused:
			t.Errorf("%s has an effect, so it needs no excuse (%s)", field, why)
		}
	}
}

// fieldsOf lists the fields of a type and of what is below it as Type.field.
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

// takeAway removes one field at a time from the documents of ours.
func takeAway(t *testing.T, inputs map[string]string, shown map[string]bool) {
	t.Helper()
	var others []string
	var ours []*yaml.Node
	for _, name := range slices.Sorted(maps.Keys(inputs)) {
		for _, document := range documents(inputs[name]) {
			var node yaml.Node
			if err := yaml.Unmarshal([]byte(document), &node); err != nil || !strings.Contains(document, "apiVersion: meshfn.dev/") {
				others = append(others, document)
				continue
			}
			ours = append(ours, node.Content[0])
		}
	}
	result := func() string {
		stream := slices.Clone(others)
		for _, node := range ours {
			text, err := yaml.Marshal(node)
			if err != nil {
				t.Fatal(err)
			}
			stream = append(stream, string(text))
		}
		input := strings.Join(stream, "---\n")
		got := run(t, input, "render", "-")
		return got.stdout + position.ReplaceAllString(got.stderr, "") + run(t, input, "explain", "--plan", "--dir", "-").stdout
	}
	before := result()
	for _, node := range ours {
		kind := reflect.TypeFor[v1alpha1.Mesh]()
		switch node.Content[3].Value {
		case v1alpha1.KindMeshProfile:
			kind = reflect.TypeFor[v1alpha1.MeshProfile]()
		case v1alpha1.KindMeshCatalog:
			kind = reflect.TypeFor[v1alpha1.MeshCatalog]()
		}
		eachField(node, kind, func(name string) {
			if !shown[name] && result() != before {
				shown[name] = true
			}
		})
	}
}

// eachField takes the fields of a node away one after the other, with its type beside it, and puts each back.
func eachField(node *yaml.Node, of reflect.Type, taken func(name string)) {
	for of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	switch {
	case of.Kind() == reflect.Slice && node.Kind == yaml.SequenceNode:
		for _, entry := range node.Content {
			eachField(entry, of.Elem(), taken)
		}
	case of.Kind() == reflect.Map && node.Kind == yaml.MappingNode:
		for i := 1; i < len(node.Content); i += 2 {
			eachField(node.Content[i], of.Elem(), taken)
		}
	case of.Kind() == reflect.Struct && node.Kind == yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			owner, field, ok := fieldNamed(of, node.Content[i].Value)
			if !ok {
				continue
			}
			kept := node.Content
			node.Content = slices.Delete(slices.Clone(kept), i, i+2)
			taken(owner + "." + kept[i].Value)
			node.Content = kept
			eachField(node.Content[i+1], field, taken)
		}
	}
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
