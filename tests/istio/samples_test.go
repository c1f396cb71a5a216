package istio

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// sample is a file that Istio publishes for people to copy, with the manifests of the same sample that it works on.
type sample struct {
	name    string
	objects []*unstructured.Unstructured
}

// TestSamples checks what Istio publishes as examples: it gives no error there that Istio does not give too.
func TestSamples(t *testing.T) {
	quiet(t)
	known, all, rules := readDifferences(t), samples(t), crdRules(t)
	if len(all) < 30 {
		t.Fatalf("only %d samples", len(all))
	}
	for _, one := range all {
		t.Run(one.name, func(t *testing.T) {
			var theirs []verdict
			for _, f := range ours(t, asStream(t, one.objects)) {
				if f.Severity != "error" {
					continue
				}
				if theirs == nil {
					objects := asApplied(t, asStream(t, one.objects))
					theirs = append(refused(t, rules, objects), upstream(t, nil, objects)...)
				}
				judged := f.verdicts("")
				if !intersects(judged, theirs) && !slices.ContainsFunc(judged, func(v verdict) bool {
					return known.explain("samples/"+one.name, "meshfn", v)
				}) {
					t.Errorf("Istio does not say so: %s", f)
				}
			}
		})
	}
	known.unmet(t, "samples/")
}

// samples finds the files with Istio objects, and puts the other manifests of the sample beside each.
func samples(t *testing.T) []sample {
	t.Helper()
	root := filepath.Join(moduleDirectory(t, "istio.io/istio"), "samples")
	files, plain := map[string][]*unstructured.Unstructured{}, map[string][]*unstructured.Unstructured{}
	var names []string
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".yaml" {
			return err
		}
		objects := manifests(t, path)
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if slices.ContainsFunc(objects, isIstio) {
			files[name] = objects
			names = append(names, name)
			return nil
		}
		top, _, _ := strings.Cut(name, "/")
		plain[top] = append(plain[top], objects...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var all []sample
	for _, name := range names {
		top, _, _ := strings.Cut(name, "/")
		all = append(all, sample{name, distinct(slices.Concat(files[name], plain[top]))})
	}
	return all
}

// manifests reads a file of Kubernetes manifests. A template of Helm, a values file and the like hold none.
func manifests(t *testing.T, path string) []*unstructured.Unstructured {
	t.Helper()
	var readable []string
	for _, document := range documents(readFile(t, path)) {
		var object struct{ APIVersion, Kind string }
		if err := yaml.Unmarshal([]byte(document), &object); err == nil && object.APIVersion != "" && object.Kind != "" {
			readable = append(readable, document)
		}
	}
	return parse(t, strings.Join(readable, "---\n"))
}

// distinct keeps the first of the objects with the same name: a sample has variants of its manifests.
func distinct(objects []*unstructured.Unstructured) []*unstructured.Unstructured {
	seen := map[string]bool{}
	return slices.DeleteFunc(objects, func(object *unstructured.Unstructured) bool {
		key := object.GetAPIVersion() + " " + named(object).String()
		known := seen[key]
		seen[key] = true
		return known
	})
}
