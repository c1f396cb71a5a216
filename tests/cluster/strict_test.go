package cluster

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const strictBuild = `
apiVersion: meshfn.dev/v1alpha1
kind: Mesh
metadata: {name: shop, namespace: shop}
spec: {stage: strict, defaults: {sidecar: true, callersComplete: true}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: registry.example.com/web:1}]}
`

// TestStrictComesLast holds that Argo CD refuses plain text only when the pods of the same release are up with their
// sidecars: until then one of them may call another without.
func TestStrictComesLast(t *testing.T) {
	stdout, stderr, err := run(t, strictBuild, "render", "-")
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr)
	}
	objects := servers.place(t, objectsOf(t, stdout))
	early := true
	wait := func(t *testing.T, objects []*unstructured.Unstructured) {
		for _, object := range objects {
			if object.GetKind() == "PeerAuthentication" && servers.liveOrNil(t, object) != nil && early {
				t.Error("the PeerAuthentication was there before the pods")
			}
		}
		early = false
		servers.rollOut(t, objects)
	}
	if err := servers.argoCDWhile(t, objects, wait); err != nil {
		t.Fatal(err)
	}
	if early {
		t.Error("the sync did not wait for the pods")
	}
	for _, object := range objects {
		if strings.Contains(object.GetKind(), "Authentication") && servers.liveOrNil(t, object) == nil {
			t.Errorf("%s is not there after the sync", nameOf(object))
		}
	}
}
