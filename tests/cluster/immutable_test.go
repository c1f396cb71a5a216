package cluster

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// TestFixedFields applies the two builds of tests/transition/immutable.txtar one after the other: what meshfn diff says cannot
// change (MF1632, MF1633) the cluster refuses, and everything else it takes, except what a tool has to delete first.
func TestFixedFields(t *testing.T) {
	archive := txtar.Parse([]byte(readFile(t, "tests/transition/immutable.txtar")))
	dir := t.TempDir()
	for _, file := range archive.Files {
		for _, name := range []string{strings.Replace(file.Name, "both/", "old/", 1), strings.Replace(file.Name, "both/", "new/", 1)} {
			path := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, file.Data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	before, after := filepath.Join(dir, "old"), filepath.Join(dir, "new")
	said := fixedBetween(t, before, after)
	objects := servers.place(t, rendered(t, before))
	slices.SortStableFunc(objects, namespacesFirst)
	for _, object := range objects {
		if err := servers.put(t.Context(), object); err != nil {
			t.Fatal(err)
		}
	}
	for _, object := range rendered(t, after) {
		if object.GetAnnotations()["argocd.argoproj.io/hook"] != "" || object.GetAnnotations()["kustomize.toolkit.fluxcd.io/force"] != "" {
			continue
		}
		name := object.GetKind() + " " + object.GetName()
		err := servers.put(t.Context(), object)
		switch refused := err != nil; {
		case refused && !said[name]:
			t.Errorf("%s is refused, and diff does not say so: %v", name, err)
		case !refused && said[name]:
			t.Errorf("%s is taken, though diff says that it cannot change", name)
		}
	}
}

// namespacesFirst is the order in which everything applies.
func namespacesFirst(a, b *unstructured.Unstructured) int {
	first := func(object *unstructured.Unstructured) int {
		if object.GetKind() == "Namespace" {
			return 0
		}
		return 1
	}
	return first(a) - first(b)
}

func rendered(t *testing.T, dir string) []*unstructured.Unstructured {
	t.Helper()
	stdout, stderr, err := run(t, "", "render", dir)
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr)
	}
	return objectsOf(t, stdout)
}

// fixedBetween are the objects that meshfn diff says cannot change.
func fixedBetween(t *testing.T, before, after string) map[string]bool {
	t.Helper()
	stdout, stderr, _ := run(t, "", "diff", before, after, "--format", "json")
	var out struct {
		Findings []struct {
			Code   string
			Source struct{ Resource struct{ Kind, Name string } }
		}
	}
	if err := json.Unmarshal([]byte(stdout), &out); err != nil {
		t.Fatalf("%v\n%s", err, stderr)
	}
	said := map[string]bool{}
	for _, finding := range out.Findings {
		if finding.Code == "MF1632" || finding.Code == "MF1633" {
			said[finding.Source.Resource.Kind+" "+finding.Source.Resource.Name] = true
		}
	}
	if len(said) == 0 {
		t.Fatalf("diff says nothing:\n%s%s", stdout, stderr)
	}
	return said
}
