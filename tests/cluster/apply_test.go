package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/fluxcd/pkg/ssa"
	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// TestExamples and TestScenarios apply everything twice, as Argo CD and as Flux. The first time has to succeed, against the
// schemas and istiod; the second time may not change a single object.
func TestExamples(t *testing.T) {
	for _, one := range examples(t) {
		t.Run(one.name, func(t *testing.T) { applies(t, one.objects) })
	}
}

// TestScenarios applies every scenario that has output.
func TestScenarios(t *testing.T) {
	for _, one := range scenarios(t) {
		t.Run(one.name, func(t *testing.T) { applies(t, one.objects) })
	}
}

func applies(t *testing.T, objects []*unstructured.Unstructured) {
	t.Run("argocd", func(t *testing.T) {
		objects := servers.place(t, withoutHooks(objects))
		if err := servers.argoCD(t, objects); err != nil {
			t.Fatal(err)
		}
		servers.inSync(t, objects)
		before := servers.versions(t, objects)
		if err := servers.argoCD(t, objects); err != nil {
			t.Fatalf("the second time: %v", err)
		}
		if diff := cmp.Diff(before, servers.versions(t, objects)); diff != "" {
			t.Errorf("the second apply changed resource versions (- first, + second):\n%s", diff)
		}
	})
	t.Run("flux", func(t *testing.T) {
		objects := servers.place(t, objects)
		fluxTwice(t, objects)
	})
}

// fluxTwice applies as Flux does: the first time without an error, the second time without a change.
func fluxTwice(t *testing.T, objects []*unstructured.Unstructured) {
	t.Helper()
	if _, err := servers.flux(t, objects); err != nil {
		t.Fatal(err)
	}
	before := servers.versions(t, objects)
	changes, err := servers.flux(t, objects)
	if err != nil {
		t.Fatalf("the second time: %v", err)
	}
	for _, entry := range changes.Entries {
		if entry.Action != ssa.UnchangedAction {
			t.Errorf("the second time: %s", entry)
		}
	}
	if diff := cmp.Diff(before, servers.versions(t, objects)); diff != "" {
		t.Errorf("the second apply changed resource versions (- first, + second):\n%s", diff)
	}
}

// place makes copies of objects for one test: in their namespaces, which are made unless they are among the objects, and
// which are gone with everything in them after the test.
func (c *cluster) place(t *testing.T, from []*unstructured.Unstructured) []*unstructured.Unstructured {
	t.Helper()
	var objects []*unstructured.Unstructured
	var own, needed []string
	for _, object := range from {
		if object.GetName() == "" && object.GetGenerateName() != "" {
			continue // It is created anew each time, and never applied.
		}
		object = object.DeepCopy()
		objects = append(objects, object)
		if object.GetName() == "" {
			t.Fatalf("a %s has no name, as Kubernetes reads it", object.GetKind())
		}
		if object.GetKind() == "Namespace" {
			own = append(own, object.GetName())
			continue
		}
		if object.GetNamespace() == "" && c.namespaced(t, object) {
			object.SetNamespace(application)
		}
		if object.GetNamespace() != "" {
			needed = append(needed, object.GetNamespace())
		}
	}
	slices.Sort(needed)
	var namespaces []*unstructured.Unstructured
	for _, name := range slices.Compact(needed) {
		if name != "default" && !slices.Contains(own, name) {
			namespaces = append(namespaces, namespace(name))
		}
	}
	for _, object := range namespaces {
		if err := c.put(t.Context(), object.DeepCopy()); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if err := c.clear(append(slices.Clone(objects), namespaces...)); err != nil {
			t.Error(err)
		}
	})
	return objects
}

func namespace(name string) *unstructured.Unstructured {
	object := &unstructured.Unstructured{}
	object.SetAPIVersion("v1")
	object.SetKind("Namespace")
	object.SetName(name)
	return object
}

func (c *cluster) namespaced(t *testing.T, object *unstructured.Unstructured) bool {
	t.Helper()
	namespaced, err := c.client.IsObjectNamespaced(object)
	if err != nil {
		t.Fatalf("%s: %v", object.GetKind(), err)
	}
	return namespaced
}

// clear deletes objects and waits until they are gone.
func (c *cluster) clear(objects []*unstructured.Unstructured) error {
	ctx := context.Background()
	failed := c.remove(ctx, objects)
	for _, object := range objects {
		if object.GetKind() == "Namespace" {
			body := namespace(object.GetName())
			failed = errors.Join(failed, client.IgnoreNotFound(c.client.SubResource("finalize").Update(ctx, body)))
		}
		failed = errors.Join(failed, eventually(func() error {
			_, err := c.live(ctx, object)
			if err == nil {
				return fmt.Errorf("%s %s is still there", object.GetKind(), object.GetName())
			}
			return client.IgnoreNotFound(err)
		}))
	}
	return failed
}

// versions are the resource versions of the objects.
func (c *cluster) versions(t *testing.T, objects []*unstructured.Unstructured) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, object := range objects {
		live, err := c.live(t.Context(), object)
		if err != nil {
			t.Fatal(err)
		}
		out[object.GetKind()+" "+object.GetNamespace()+"/"+object.GetName()] = live.GetResourceVersion()
	}
	return out
}
