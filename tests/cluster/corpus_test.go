package cluster

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// application is the namespace of what says none: the destination of an Argo CD Application, the target of a Flux
// Kustomization.
const application = "application"

// built is one input of the project's corpora, and what a repository would hold of it.
type built struct {
	name    string
	objects []*unstructured.Unstructured
}

// run runs the program as a user does.
func run(t *testing.T, stdin string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), filepath.Join(tools, "bin", "meshfn"), args...)
	command.Dir = repository
	var out, said bytes.Buffer
	command.Stdin, command.Stdout, command.Stderr = strings.NewReader(stdin), &out, &said
	err = command.Run()
	return out.String(), said.String(), err
}

// examples builds every example.
func examples(t *testing.T) []built {
	t.Helper()
	var all []built
	root := filepath.Join(repository, "examples")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() != "expected.yaml" {
			return err
		}
		stdout, stderr, err := run(t, "", "build", filepath.Dir(path))
		if err != nil {
			t.Fatalf("%s: %v\n%s", path, err, stderr)
		}
		name, err := filepath.Rel(repository, filepath.Dir(path))
		all = append(all, built{filepath.ToSlash(name), objectsOf(t, filledIn(t, stdout))})
		return err
	})
	if err != nil || len(all) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	return all
}

// scenarios expands every scenario that has output.
func scenarios(t *testing.T) []built {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(repository, "tests", "scenarios", "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	var all []built
	refusals := 0
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var input []string
		for _, file := range archive.Files {
			if !strings.HasPrefix(file.Name, "out/") {
				input = append(input, string(file.Data))
			}
		}
		stdout, _, err := run(t, strings.Join(input, "---\n"), "render", "-")
		if err != nil {
			refusals++ // It shows a refusal, and nothing came out.
			continue
		}
		objects := slices.DeleteFunc(objectsOf(t, filledIn(t, stdout)), notInstalled)
		for _, object := range objects {
			complete(object)
		}
		all = append(all, built{"scenarios/" + strings.TrimSuffix(filepath.Base(path), ".txtar"), objects})
	}
	if refusals > len(all)/4 {
		t.Fatalf("%d scenarios have no output", refusals)
	}
	return all
}

// notInstalled are the objects whose kinds are neither Kubernetes's nor Istio's.
func notInstalled(object *unstructured.Unstructured) bool {
	group := object.GroupVersionKind().Group
	return group == "argoproj.io" || group == "keda.sh"
}

// objectsOf are the objects that would be applied: kustomize and kpt leave out what is marked as local.
func objectsOf(t *testing.T, stream string) []*unstructured.Unstructured {
	t.Helper()
	objects, err := parse(stream)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(objects, func(object *unstructured.Unstructured) bool {
		return object.GetAnnotations()["config.kubernetes.io/local-config"] == "true"
	})
}

// parse reads a YAML stream.
func parse(stream string) ([]*unstructured.Unstructured, error) {
	var objects []*unstructured.Unstructured
	for document := range strings.SplitSeq("\n"+stream, "\n---") {
		text, err := yaml.YAMLToJSONStrict([]byte(document))
		if err != nil {
			return nil, err
		}
		if string(text) == "null" {
			continue
		}
		object := &unstructured.Unstructured{}
		if err := object.UnmarshalJSON(text); err != nil {
			return nil, err
		}
		objects = append(objects, object)
	}
	return objects, nil
}

// readFile is a file of the repository.
func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
