package schema

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/schemas"
)

// Every example in a schema is one that the schema accepts.
func TestExamples(t *testing.T) {
	for _, kind := range schemas.Names() {
		text, _ := schemas.Schema(kind)
		var parsed any
		if err := json.Unmarshal(text, &parsed); err != nil {
			t.Fatal(err)
		}
		checked := 0
		examples(parsed, "", func(pointer string, example any) {
			checked++
			if err := compile(t, kind, pointer).Validate(example); err != nil {
				t.Errorf("%s%s: %v", kind, pointer, err)
			}
		})
		if checked < 10 {
			t.Errorf("%s: only %d examples were found", kind, checked)
		}
	}
}

// examples visits the examples of a schema with the JSON pointer of where they stand.
func examples(node any, pointer string, visit func(pointer string, example any)) {
	switch node := node.(type) {
	case []any:
		for i, entry := range node {
			examples(entry, pointer+"/"+strconv.Itoa(i), visit)
		}
	case map[string]any:
		given, _ := node["examples"].([]any)
		for _, example := range given {
			visit(pointer, example)
		}
		for key, entry := range node {
			if key != "examples" {
				examples(entry, pointer+"/"+strings.ReplaceAll(strings.ReplaceAll(key, "~", "~0"), "/", "~1"), visit)
			}
		}
	}
}

func reference(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs", "reference.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The documents in the reference are what it says they are: the schemas accept all of them, and those to copy expand.
func TestReferenceDocuments(t *testing.T) {
	overviews, documents := 0, 0
	for _, match := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(reference(t), -1) {
		text := match[1]
		if spec, ok := strings.CutPrefix(text, "spec:\n"); ok {
			text = "apiVersion: meshfn.dev/v1alpha1\nkind: Mesh\nmetadata: {name: shop}\nspec:\n" + spec
		}
		if !strings.HasPrefix(text, "apiVersion:") {
			continue
		}
		kind, _ := document(text)
		if err := compile(t, kind, "").Validate(value(t, text)); err != nil {
			t.Errorf("%v:\n%s", err, text)
		}
		if strings.Contains(text, "local-config") {
			overviews++ // Some of its fields exclude each other.
			continue
		}
		documents++
		if _, stderr, code := expand(t, kind, text); code != 0 {
			t.Errorf("it does not expand: %s\n%s", stderr, text)
		}
	}
	if overviews != len(schemas.Names()) || documents < 2 {
		t.Errorf("found %d overviews and %d documents", overviews, documents)
	}
}

// The presets in the reference are those of the program.
func TestPresets(t *testing.T) {
	rows := regexp.MustCompile("(?m)^\\| `(\\w+)` \\| `(\\{.*\\})` \\|$").FindAllStringSubmatch(reference(t), -1)
	if len(rows) != 6 {
		t.Fatalf("found %d presets in the reference, want 3 of circuitBreaker and 3 of outlierDetection", len(rows))
	}
	for i, setting := range []string{"circuitBreaker", "circuitBreaker", "circuitBreaker", "outlierDetection", "outlierDetection", "outlierDetection"} {
		name := rows[i][1]
		var documented map[string]string
		if err := yaml.Unmarshal([]byte(rows[i][2]), &documented); err != nil {
			t.Fatal(err)
		}
		actual := explained(t, setting, name)
		if len(actual) != len(documented) {
			t.Errorf("%s: %s has %v, and the reference says %v", setting, name, actual, documented)
		}
		for field, want := range documented {
			if got := actual[field]; !same(got, want) {
				t.Errorf("%s: %s sets %s to %q, and the reference says %q", setting, name, field, got, want)
			}
		}
	}
}

// explained returns the fields of a setting of the Service web.
func explained(t *testing.T, setting, written string) map[string]string {
	t.Helper()
	_, mesh := document("services: {web: {" + setting + ": " + written + "}}")
	file := filepath.Join(t.TempDir(), "build.yaml")
	if err := os.WriteFile(file, []byte(build+"---\n"+mesh), 0o600); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, code := run(t, "", "explain", "web", setting, "--dir", file, "--format", "json")
	if code != 0 {
		t.Fatal(stderr)
	}
	var lines []struct {
		Field, Value string
		From         struct{ Layer string }
	}
	if err := json.Unmarshal([]byte(stdout), &lines); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, line := range lines {
		if line.From.Layer == "built-in default" { // It completes the preset, and is not of it.
			continue
		}
		out[strings.TrimPrefix(line.Field, setting+".")] = line.Value
	}
	return out
}

// same compares values, which may be durations written in two ways.
func same(a, b string) bool {
	first, errA := time.ParseDuration(a)
	second, errB := time.ParseDuration(b)
	return a == b || errA == nil && errB == nil && first == second
}

// The documents among the examples are valid in an editor too.
func TestExampleDocuments(t *testing.T) {
	found := 0
	err := filepath.WalkDir(filepath.Join(root, "examples"), func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".yaml" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for part := range strings.SplitSeq("\n"+string(text), "\n---\n") {
			parsed, _ := value(t, part).(map[string]any)
			kind, _ := parsed["kind"].(string)
			if parsed["apiVersion"] != "meshfn.dev/v1alpha1" {
				continue
			}
			found++
			if err := compile(t, kind, "").Validate(parsed); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 8 {
		t.Errorf("only %d documents were found", found)
	}
}
