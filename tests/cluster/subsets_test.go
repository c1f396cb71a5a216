package cluster

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// engines are the two ways in which a repository reaches the cluster.
func engines() map[string]func(*testing.T, []*unstructured.Unstructured) error {
	return map[string]func(*testing.T, []*unstructured.Unstructured) error{
		"argocd": func(t *testing.T, objects []*unstructured.Unstructured) error { return servers.argoCD(t, objects) },
		"flux": func(t *testing.T, objects []*unstructured.Unstructured) error {
			_, err := servers.flux(t, objects)
			return err
		},
	}
}

// rollout is the life of a version: it comes and gets calls in one step, takes them over, and leaves by retiring.
// https://istio.io/latest/docs/ops/best-practices/traffic-management/#avoid-503-errors-while-reconfiguring-service-routes
func rollout() []string {
	return []string{
		"{v1: {}}",
		"{v1: {weight: 90}, v2: {weight: 10}}",
		"{v1: {weight: 0}, v2: {weight: 100}}",
		"{v1: {retiring: true}, v2: {weight: 100}}",
		"{v2: {}}",
	}
}

// TestRollout takes a Service through the life of a version. Objects arrive one after another, and after each of them
// every VirtualService in the cluster may only name subsets that a DestinationRule in the cluster has.
func TestRollout(t *testing.T) {
	for name, apply := range engines() {
		t.Run(name, func(t *testing.T) {
			for _, moment := range moments(t, apply, rollout()) {
				t.Error(moment)
			}
		})
	}
}

// TestHasty shows what `retiring` is for. A version that leaves in one step is gone from the DestinationRule before the
// VirtualService stops naming it: Flux applies in that order always, Argo CD because of the wave that new versions need.
func TestHasty(t *testing.T) {
	for name, apply := range engines() {
		t.Run(name, func(t *testing.T) {
			if len(moments(t, apply, []string{"{v1: {weight: 90}, v2: {weight: 10}}", "{v1: {}}"})) == 0 {
				t.Error("leaving in one step does no harm any more; the advice is out of date")
			}
		})
	}
}

// moments applies one build after the other and returns every moment at which a VirtualService named a subset that was
// not there. The exposed service comes first by name, so that the order of names alone would be wrong.
func moments(t *testing.T, apply func(*testing.T, []*unstructured.Unstructured) error, steps []string) []string {
	t.Helper()
	var found []string
	seen := map[string]*unstructured.Unstructured{}
	for _, versions := range steps {
		stdout, stderr, err := run(t, fmt.Sprintf(reviews, versions), "render", "-")
		if err != nil {
			t.Fatalf("%s: %v\n%s", versions, err, stderr)
		}
		objects := objectsOf(t, stdout)
		for _, object := range objects {
			complete(object)
		}
		objects = servers.place(t, objects)
		if err := apply(t, objects); err != nil {
			t.Fatalf("%s: %v", versions, err)
		}
		for _, object := range servers.arrivals(t, objects, seen) {
			seen[nameOf(object)] = object
			for _, subset := range missing(seen) {
				found = append(found, fmt.Sprintf("%s: after %s: %s", versions, nameOf(object), subset))
			}
		}
	}
	return found
}

const reviews = `
apiVersion: meshfn.dev/v1alpha1
kind: MeshProfile
metadata: {name: platform}
spec:
  gateways:
    public: {selector: {istio: ingressgateway}, namespace: istio-ingress}
---
apiVersion: meshfn.dev/v1alpha1
kind: Mesh
metadata: {name: shop}
spec:
  services:
    reviews:
      versions: %s
      expose: {public: {hosts: [a.example.com]}}
---
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec:
  selector: {app: reviews}
  ports: [{name: http, port: 80}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v1}
spec:
  replicas: 2
  template: {metadata: {labels: {app: reviews, version: v1}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v2}
spec:
  replicas: 2
  template: {metadata: {labels: {app: reviews, version: v2}}}
`

// arrivals are the objects that changed since they were seen, in the order in which the cluster stored them.
func (c *cluster) arrivals(t *testing.T, objects []*unstructured.Unstructured, seen map[string]*unstructured.Unstructured) []*unstructured.Unstructured {
	t.Helper()
	var changed []*unstructured.Unstructured
	for _, object := range objects {
		live, err := c.live(t.Context(), object)
		if err != nil {
			t.Fatal(err)
		}
		before := seen[nameOf(live)]
		if before == nil || before.GetResourceVersion() != live.GetResourceVersion() {
			changed = append(changed, live)
		}
	}
	slices.SortFunc(changed, func(a, b *unstructured.Unstructured) int { return revision(t, a) - revision(t, b) })
	return changed
}

// revision is when an object was stored: the revision of etcd, which counts all writes.
func revision(t *testing.T, object *unstructured.Unstructured) int {
	t.Helper()
	number, err := strconv.Atoi(object.GetResourceVersion())
	if err != nil {
		t.Fatal(err)
	}
	return number
}

func nameOf(object *unstructured.Unstructured) string {
	return object.GetKind() + " " + object.GetName()
}

// missing are the subsets that a VirtualService names and no DestinationRule has.
func missing(objects map[string]*unstructured.Unstructured) []string {
	var there, out []string
	for _, object := range objects {
		if object.GetKind() == "DestinationRule" {
			host, _, _ := unstructured.NestedString(object.Object, "spec", "host")
			subsets, _, _ := unstructured.NestedSlice(object.Object, "spec", "subsets")
			for _, subset := range subsets {
				there = append(there, fmt.Sprint(host, "/", subset.(map[string]any)["name"]))
			}
		}
	}
	for _, object := range objects {
		if object.GetKind() != "VirtualService" {
			continue
		}
		for _, named := range subsetsOf(object) {
			if !slices.Contains(there, named) {
				out = append(out, object.GetName()+" names "+named)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// subsetsOf are the subsets that the routes of a VirtualService name.
func subsetsOf(object *unstructured.Unstructured) []string {
	var out []string
	routes, _, _ := unstructured.NestedSlice(object.Object, "spec", "http")
	for _, route := range routes {
		destinations, _, _ := unstructured.NestedSlice(route.(map[string]any), "route")
		for _, destination := range destinations {
			host, _, _ := unstructured.NestedString(destination.(map[string]any), "destination", "host")
			subset, found, _ := unstructured.NestedString(destination.(map[string]any), "destination", "subset")
			if found {
				out = append(out, strings.Join([]string{host, subset}, "/"))
			}
		}
	}
	return out
}
