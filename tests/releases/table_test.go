package releases

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

var update = flag.Bool("update", false, "write the table of the product from what is measured")

// place is the table in the product, seen from here.
const place = "../../fn/internal/releases/table.go"

// TestTable measures again and compares with the table of the product.
func TestTable(t *testing.T) {
	since, err := measure()
	if err != nil {
		t.Fatal(err)
	}
	want, err := table(since)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(place, want, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(place)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s is not what Istio's API says; run: cd tests/releases && go test . -update", place)
	}
	if len(since) != len(releases())-1 {
		t.Errorf("a release brought nothing: %v", since)
	}
}

// TestDefinitions holds that clusters keep a field from the very release on that has it in its API: what their definitions
// of custom resources do not know they drop without a word.
func TestDefinitions(t *testing.T) {
	since, err := measure()
	if err != nil {
		t.Fatal(err)
	}
	var each []map[string]bool
	for _, one := range releases() {
		each = append(each, wordsOfDefinitions(t, one.version))
	}
	for i, one := range releases() {
		for _, name := range since[one.minor] {
			if strings.HasPrefix(name, "istio.mesh.") { // No custom resource, but a text in a ConfigMap or annotation.
				continue
			}
			last := name[strings.LastIndex(name, ".")+1:]
			if slices.Contains(newKinds(), last) {
				last = "kind " + last
			}
			if !each[i][last] || each[i-1][last] && !otherwhere()[name] {
				t.Errorf("%s: 1.%d has it in its definitions: %v, the release before: %v", name, one.minor, each[i][last], each[i-1][last])
			}
		}
	}
}

// otherwhere are names that an older release has in another place.
func otherwhere() map[string]bool {
	return map[string]bool{
		"istio.networking.v1alpha3.ServerTLSSettings.insecureSkipVerify": true, // ClientTLSSettings has one too.
	}
}

// wordsOfDefinitions lists the kinds of a release, the names of their fields and the values of their enums.
func wordsOfDefinitions(t *testing.T, version string) map[string]bool {
	t.Helper()
	dir, err := download(version)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(filepath.Join(dir, "kubernetes", "customresourcedefinitions.gen.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]bool{}
	for decoder := yaml.NewDecoder(file); ; {
		var definition struct {
			Spec struct {
				Names    struct{ Kind string }
				Versions []struct{ Schema any }
			}
		}
		if decoder.Decode(&definition) != nil {
			break
		}
		words["kind "+definition.Spec.Names.Kind] = true
		for _, one := range definition.Spec.Versions {
			schemaWords(one.Schema, words)
		}
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if !words["kind VirtualService"] || !words["connectionPool"] {
		t.Fatalf("the definitions of %s were not read", version)
	}
	return words
}

func schemaWords(schema any, words map[string]bool) {
	switch schema := schema.(type) {
	case map[string]any:
		for key, value := range schema {
			if properties, ok := value.(map[string]any); ok && key == "properties" {
				for name := range properties {
					words[name] = true
				}
			}
			if values, ok := value.([]any); ok && key == "enum" {
				for _, one := range values {
					words[fmt.Sprint(one)] = true
				}
			}
			schemaWords(value, words)
		}
	case []any:
		for _, one := range schema {
			schemaWords(one, words)
		}
	}
}
