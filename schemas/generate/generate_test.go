package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/schemas"
)

func generated(t *testing.T) (root string, files map[string][]byte) {
	t.Helper()
	root, err := findRoot()
	if err != nil {
		t.Fatal(err)
	}
	files, err = generate(root)
	if err != nil {
		t.Fatal(err)
	}
	return root, files
}

func TestUpToDate(t *testing.T) {
	root, files := generated(t)
	for path, want := range files {
		got, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		if line := firstDifference(want, got); line > 0 {
			t.Errorf("%s:%d is not up to date; run: go generate ./schemas", path, line)
		}
	}
}

// firstDifference is the first line in which two texts differ, 0 when they are the same.
func firstDifference(want, got []byte) int {
	wanted, found := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	for i := range max(len(wanted), len(found)) {
		if i >= len(wanted) || i >= len(found) || wanted[i] != found[i] {
			return i + 1
		}
	}
	return 0
}

func TestDeterministic(t *testing.T) {
	_, first := generated(t)
	_, second := generated(t)
	if diff := cmp.Diff(first, second); diff != "" {
		t.Error(diff)
	}
}

// Every field has a doc comment that starts with its name, stands in the schema with a description, and is found in the
// reference by its path.
func TestEveryField(t *testing.T) {
	root, files := generated(t)
	comments, err := readDocs(filepath.Join(root, "fn", "api", "v1alpha1"))
	if err != nil {
		t.Fatal(err)
	}
	reference := string(files[referenceFile])
	types := map[string]reflect.Type{
		"Mesh": reflect.TypeFor[v1alpha1.Mesh](), "MeshProfile": reflect.TypeFor[v1alpha1.MeshProfile](),
		"MeshCatalog": reflect.TypeFor[v1alpha1.MeshCatalog](),
	}
	for _, kind := range schemas.Names() {
		schema, ok := schemas.Schema(kind)
		if !ok {
			t.Fatalf("no schema of %s", kind)
		}
		w := &walk{t: t, docs: comments, reference: reference}
		if err := json.Unmarshal(schema, &w.root); err != nil {
			t.Fatal(err)
		}
		if got := w.root["$id"]; got != schemas.URL(kind) {
			t.Errorf("the schema of %s says that it is at %v, and the command line %s", kind, got, schemas.URL(kind))
		}
		w.fields(types[kind], w.root, "")
		if w.seen < 10 {
			t.Errorf("%s: only %d fields were seen", kind, w.seen)
		}
	}
}

// walk follows the Go types and a schema side by side.
type walk struct {
	t         *testing.T
	docs      docs
	reference string
	root      map[string]any
	seen      int
}

func (w *walk) fields(t reflect.Type, schema map[string]any, path string) {
	w.t.Helper()
	properties, ok := w.mappingOf(schema)["properties"].(map[string]any)
	if !ok {
		w.t.Errorf("%s: the schema has no properties", path)
		return
	}
	for field := range t.Fields() {
		name, ok := v1alpha1.FieldName(field)
		switch {
		case !ok:
		case name == "":
			w.fields(field.Type, schema, path)
		default:
			property, ok := properties[name].(map[string]any)
			if !ok {
				w.t.Errorf("%s.%s is not in the schema", path, name)
				continue
			}
			w.field(t, field, w.resolved(property), join(path, name))
		}
	}
}

func (w *walk) field(owner reflect.Type, field reflect.StructField, schema map[string]any, path string) {
	w.t.Helper()
	w.seen++
	comment := w.docs[owner.Name()+"."+field.Name]
	if len(comment.text) == 0 || !strings.HasPrefix(comment.text[0], field.Name+" ") {
		w.t.Errorf("%s.%s needs a doc comment that starts with %s", owner.Name(), field.Name, field.Name)
	}
	name := path[strings.LastIndexByte(path, '.')+1:]
	if text, _ := schema["description"].(string); !strings.HasPrefix(text, name+" ") {
		w.t.Errorf("%s: the description in the schema is %q", path, text)
	}
	isHeader := path == "apiVersion" || path == "kind"
	if !isHeader && !strings.Contains(w.reference, "`"+inReference(path)+"`") {
		w.t.Errorf("%s is not in the reference as %s", path, inReference(path))
	}
	t, inner := field.Type, schema
	for t.Kind() != reflect.Struct {
		switch t.Kind() {
		case reflect.Pointer:
		case reflect.Map:
			if t.Elem().Kind() == reflect.Interface {
				return
			}
			path += ".<" + keyNames()[name] + ">"
			inner, _ = inner["additionalProperties"].(map[string]any)
		case reflect.Slice:
			path += "[]"
			inner, _ = inner["items"].(map[string]any)
		default:
			return
		}
		t = t.Elem()
	}
	w.fields(t, inner, path)
}

// inReference is the path under which the reference has a field: that of a setting begins with the setting.
func inReference(path string) string {
	if setting, field, ok := strings.Cut(path, ".<preset>."); ok {
		return presetOf(strings.TrimPrefix(setting, "spec.presets.")) + "." + field
	}
	for _, place := range []string{"spec.services.<Service>.ports.<port>.", "spec.services.<Service>.", "spec.workloads.<Kind/name>.", "spec.external.<host>.", "spec.defaults.", "spec.namespaces.<namespace>.defaults."} {
		if rest, ok := strings.CutPrefix(path, place); ok {
			return rest
		}
	}
	return path
}

func (w *walk) resolved(schema map[string]any) map[string]any {
	reference, ok := schema["$ref"].(string)
	if !ok {
		return schema
	}
	definitions := w.root["definitions"].(map[string]any)
	return definitions[strings.TrimPrefix(reference, "#/definitions/")].(map[string]any)
}

// mappingOf is the mapping form of a value that has others too.
func (w *walk) mappingOf(schema map[string]any) map[string]any {
	forms, ok := schema["anyOf"].([]any)
	if !ok {
		return schema
	}
	return forms[len(forms)-1].(map[string]any)
}

// Every mapping of the schemas is closed, apart from the content of patches and of the mesh's default traffic policy, which
// is Istio's.
func TestClosed(t *testing.T) {
	for _, kind := range schemas.Names() {
		schema, _ := schemas.Schema(kind)
		var root any
		if err := json.Unmarshal(schema, &root); err != nil {
			t.Fatal(err)
		}
		open(t, root, kind)
	}
}

func open(t *testing.T, node any, path string) {
	t.Helper()
	switch node := node.(type) {
	case []any:
		for _, entry := range node {
			open(t, entry, path)
		}
	case map[string]any:
		_, closed := node["additionalProperties"]
		isMapping := node["type"] == "object" || reflect.DeepEqual(node["type"], []any{"object", "null"})
		istios := strings.HasSuffix(path, ".merge") || strings.Contains(path, ".defaultTrafficPolicy.properties.")
		if isMapping && !closed && !istios {
			t.Errorf("%s takes any field", path)
		}
		for key, value := range node {
			if key != "examples" {
				open(t, value, path+"."+key)
			}
		}
	}
}
