package cluster

import (
	"encoding/json"
	"strings"
	"testing"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// TestWebhook shows that istiod is asked: these objects pass the schemas of their kinds, so that a scenario that
// applies proves more than its schema.
func TestWebhook(t *testing.T) {
	for name, test := range map[string]struct{ object, want string }{
		"route and redirect": {withoutHosts, "HTTP route cannot contain both route and redirect"},
		"sidecar host without namespace": {`
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: refused}
spec:
  egress:
  - hosts: [web.shop.svc.cluster.local]
`, "host must be of form namespace/dnsName"},
		"gateway port": {`
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: refused}
spec:
  selector: {istio: ingressgateway}
  servers:
  - {hosts: [shop.example.com], port: {number: 99999, name: http, protocol: HTTPX}}
`, "port number 99999 must be in the range 1..65535"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, test.object, denied, test.want) })
	}
}

// TestSchema shows that the definitions are Istio's: what they refuse does not reach istiod.
func TestSchema(t *testing.T) {
	for name, test := range map[string]struct{ object, want string }{
		"rule": {`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: refused}
spec:
  hosts: [web]
  http: [{timeout: -1s, route: [{destination: {host: web}}]}]
`, "must be a valid duration greater than 1ms"},
		"unknown field": {`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: refused}
spec:
  hosts: [web]
  http: [{timeouts: 1s, route: [{destination: {host: web}}]}]
`, ".spec.http[0].timeouts: field not declared in schema"},
		// A Mesh that is not marked as local stops the apply instead of being lost.
		"Mesh": {`
apiVersion: meshfn.dev/v1alpha1
kind: Mesh
metadata: {name: refused}
spec: {}
`, `no matches for kind "Mesh"`},
	} {
		t.Run(name, func(t *testing.T) { refused(t, test.object, test.want) })
	}
}

// refused holds that the cluster does not take an object, and why.
func refused(t *testing.T, text string, wants ...string) {
	t.Helper()
	objects, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	objects[0].SetNamespace("default")
	err = servers.put(t.Context(), objects[0], client.DryRunAll)
	if err == nil {
		t.Fatal("the cluster takes it")
	}
	for _, want := range wants {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("refused with %q, wanted %q", err, want)
		}
	}
}

// TestPatches applies what patches make of generated objects. Where the program refuses the result because Istio would
// (MF0302), the cluster refuses it too, for the same reason; unpatched, the cluster takes it.
func TestPatches(t *testing.T) {
	input := readFile(t, "tests/errors/patches_result.yaml")
	_, said, err := run(t, input, "render", "-")
	if err == nil {
		t.Fatal("the program takes it")
	}
	documents, err := parse(input)
	if err != nil {
		t.Fatal(err)
	}
	patches, _, err := unstructured.NestedSlice(documents[0].Object, "spec", "patches")
	if err != nil || len(patches) == 0 {
		t.Fatalf("no patches: %v", err)
	}
	unstructured.RemoveNestedField(documents[0].Object, "spec", "patches")
	applied := 0
	for _, object := range servers.place(t, render(t, documents)) {
		if err := servers.put(t.Context(), object.DeepCopy(), client.DryRunAll); err != nil {
			t.Fatalf("unpatched: %v", err)
		}
		patch := patchOf(t, patches, object)
		if patch == nil {
			continue
		}
		applied++
		_, reason, found := strings.Cut(said, "Istio would refuse "+object.GetKind()+" "+object.GetName()+": ")
		if reason, _, _ = strings.Cut(reason, " [MF0302]"); !found {
			t.Fatalf("the program does not refuse %s %s:\n%s", object.GetKind(), object.GetName(), said)
		}
		err := servers.put(t.Context(), merged(t, object, patch), client.DryRunAll)
		if err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s %s: the cluster says %v, the program says %q", object.GetKind(), object.GetName(), err, reason)
		}
	}
	if applied != len(patches) {
		t.Errorf("%d of %d patches were applied", applied, len(patches))
	}
}

// render expands documents.
func render(t *testing.T, documents []*unstructured.Unstructured) []*unstructured.Unstructured {
	t.Helper()
	var input []string
	for _, document := range documents {
		text, err := document.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		input = append(input, string(text))
	}
	stdout, stderr, err := run(t, strings.Join(input, "\n---\n"), "render", "-")
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr)
	}
	return objectsOf(t, stdout)
}

// patchOf is the patch for an object, if there is one.
func patchOf(t *testing.T, patches []any, object *unstructured.Unstructured) []byte {
	t.Helper()
	for _, patch := range patches {
		fields := patch.(map[string]any)
		kind, _, _ := unstructured.NestedString(fields, "target", "kind")
		name, _, _ := unstructured.NestedString(fields, "target", "name")
		if kind == object.GetKind() && name == object.GetName() {
			text, err := json.Marshal(fields["merge"])
			if err != nil {
				t.Fatal(err)
			}
			return text
		}
	}
	return nil
}

func merged(t *testing.T, object *unstructured.Unstructured, patch []byte) *unstructured.Unstructured {
	t.Helper()
	text, err := object.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	if text, err = jsonpatch.MergePatch(text, patch); err != nil {
		t.Fatal(err)
	}
	out := &unstructured.Unstructured{}
	if err := out.UnmarshalJSON(text); err != nil {
		t.Fatal(err)
	}
	return out
}
