package cluster

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// fluxExample is the repository that docs/hosts/flux.md goes through.
const fluxExample = "examples/flux/cluster/shop.yaml"

// TestFluxBuild goes the last part of the way to a cluster with Flux. What meshfn rendered is built by the library of
// kustomize-controller, for the Kustomization of the example, and applied as it applies: the first time without an error, the
// second time without a change. Istio's objects are then ready, so that a Kustomization that waits is not held up by them.
func TestFluxBuild(t *testing.T) {
	kustomization := givenVariables(t, objectNamed(t, readFile(t, fluxExample), "Kustomization"))
	for _, one := range examples(t) {
		t.Run(one.name, func(t *testing.T) {
			objects := fluxBuild(t, one.name, kustomization)
			if len(objects) != len(one.objects) {
				t.Fatalf("meshfn built %d objects, and Flux makes %d of them", len(one.objects), len(objects))
			}
			objects = servers.place(t, objects)
			fluxTwice(t, objects)
			ready(t, objects)
		})
	}
}

// ready expects that Flux would wait for no object of Istio's.
func ready(t *testing.T, objects []*unstructured.Unstructured) {
	t.Helper()
	for _, object := range objects {
		if !strings.HasSuffix(object.GroupVersionKind().Group, ".istio.io") {
			continue
		}
		live, err := servers.live(t.Context(), object)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := status.Compute(live); err != nil || got.Status != status.CurrentStatus {
			t.Errorf("%s %s: %v %+v", object.GetKind(), object.GetName(), err, got)
		}
	}
}

// fluxBuild renders an example and hands the files to Flux's build.
func fluxBuild(t *testing.T, example string, kustomization *unstructured.Unstructured) []*unstructured.Unstructured {
	t.Helper()
	rendered := filepath.Join(t.TempDir(), "rendered")
	if _, stderr, err := run(t, "", "build", example, "--output", rendered); err != nil {
		t.Fatalf("%v\n%s", err, stderr)
	}
	text, err := kustomization.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "flux.yaml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), filepath.Join(tools, "bin", "flux-controllers"), "build", rendered, file)
	var said bytes.Buffer
	command.Stderr = &said
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
	return objectsOf(t, string(output))
}

// TestFluxDefinitions holds that the objects of the example are what Flux's own definitions accept, every field of them.
func TestFluxDefinitions(t *testing.T) {
	objects, err := parse(readFile(t, fluxExample))
	if err != nil || len(objects) < 2 {
		t.Fatalf("%d objects: %v", len(objects), err)
	}
	for _, object := range servers.place(t, objects) {
		if err := servers.put(t.Context(), object); err != nil {
			t.Errorf("%s: %v", object.GetKind(), err)
		}
	}
	wrong := objectNamed(t, readFile(t, fluxExample), "Kustomization")
	wrong.SetNamespace("default")
	if err := unstructured.SetNestedField(wrong.Object, true, "spec", "purge"); err != nil {
		t.Fatal(err)
	}
	if err := servers.put(t.Context(), wrong); err == nil || !strings.Contains(err.Error(), "purge") {
		t.Errorf("a field that Flux does not have is accepted: %v", err)
	}
}

// objectNamed is the object of a kind in a stream.
func objectNamed(t *testing.T, stream, kind string) *unstructured.Unstructured {
	t.Helper()
	objects, err := parse(stream)
	if err != nil {
		t.Fatal(err)
	}
	for _, object := range objects {
		if object.GetKind() == kind {
			return object
		}
	}
	t.Fatalf("there is no %s", kind)
	return nil
}
