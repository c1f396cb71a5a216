package istio

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// asApplied gives the objects of a stream as a cluster would keep them: without what never leaves the repository, in the
// namespace "default" where they name none, and with the defaults of the API server that Istio's analyzers rely on.
func asApplied(t *testing.T, stream string) []*unstructured.Unstructured {
	t.Helper()
	var all []*unstructured.Unstructured
	for _, object := range parse(t, stream) {
		if object.GetAnnotations()["config.kubernetes.io/local-config"] == "true" || isOurs(object) {
			continue
		}
		if object.GetNamespace() == "" && !isClusterScoped(object) {
			object.SetNamespace("default")
		}
		if object.GetKind() == "Service" && object.GetAPIVersion() == "v1" {
			defaultPorts(object)
		}
		all = append(all, object)
	}
	return all
}

// parse reads the documents of a stream, without those that are empty, and with the items of lists in their place.
func parse(t *testing.T, stream string) []*unstructured.Unstructured {
	t.Helper()
	var all []*unstructured.Unstructured
	for _, document := range documents(stream) {
		var object unstructured.Unstructured
		if text, err := yaml.YAMLToJSONStrict([]byte(document)); err != nil {
			t.Fatalf("%v\n%s", err, document)
		} else if string(text) == "null" {
			continue
		} else if err := object.UnmarshalJSON(text); err != nil {
			t.Fatalf("%v\n%s", err, document)
		}
		if !object.IsList() {
			all = append(all, &object)
			continue
		}
		list, err := object.ToList()
		if err != nil {
			t.Fatal(err)
		}
		for i := range list.Items {
			all = append(all, &list.Items[i])
		}
	}
	return all
}

// isOurs says whether a document is one of the program's own, which are never applied.
func isOurs(object *unstructured.Unstructured) bool {
	return strings.HasPrefix(object.GetAPIVersion(), "meshfn.dev/")
}

func isClusterScoped(object *unstructured.Unstructured) bool {
	kind := object.GetKind()
	return strings.HasPrefix(kind, "Cluster") || slices.Contains([]string{
		"Namespace", "Node", "CustomResourceDefinition", "GatewayClass", "PersistentVolume", "StorageClass", "PriorityClass",
		"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration",
	}, kind)
}

// defaultPorts sets the protocol of a Service's ports, without which an analyzer takes a gateway's port for closed.
func defaultPorts(service *unstructured.Unstructured) {
	ports, _, _ := unstructured.NestedSlice(service.Object, "spec", "ports")
	for _, port := range ports {
		if fields, ok := port.(map[string]any); ok && fields["protocol"] == nil {
			fields["protocol"] = "TCP"
		}
	}
	if len(ports) > 0 {
		_ = unstructured.SetNestedSlice(service.Object, ports, "spec", "ports")
	}
}

// named names an object the way a scenario does.
func named(object *unstructured.Unstructured) resource {
	return shown(object.GetKind(), object.GetNamespace(), object.GetName())
}

// shown leaves out the namespace of what names none in its manifest.
func shown(kind, namespace, name string) resource {
	if namespace == "default" {
		namespace = ""
	}
	return resource{kind, namespace, name}
}

// profiles are the MeshProfiles of an input. An example's may lie beside it, because a platform publishes its own.
func (b built) profiles(t *testing.T) []*unstructured.Unstructured {
	t.Helper()
	input := b.input
	if after, ok := strings.CutPrefix(b.name, "examples/"); ok {
		top, _, _ := strings.Cut(after, "/")
		input = exampleProfiles(t, filepath.Join("../../examples", top))
	}
	return slices.DeleteFunc(parse(t, input), func(o *unstructured.Unstructured) bool {
		return !isOurs(o) || o.GetKind() != "MeshProfile"
	})
}

func exampleProfiles(t *testing.T, dir string) string {
	t.Helper()
	var texts []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() != "profile.yaml" {
			return err
		}
		text, err := os.ReadFile(path)
		texts = append(texts, string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(texts, "\n---\n")
}

// environment is what somebody else owns in the cluster: the namespaces that the objects are in, and for each gateway of
// the profile its namespace, a Deployment and a Service. The namespaces carry no injection label, because sidecars are
// asked for by application.
func environment(objects, profiles []*unstructured.Unstructured) []*unstructured.Unstructured {
	var all []*unstructured.Unstructured
	for _, profile := range profiles {
		gateways, _, _ := unstructured.NestedMap(profile.Object, "spec", "gateways")
		for name, gateway := range gateways {
			if fields, ok := gateway.(map[string]any); ok {
				all = append(all, gatewayWorkload(name, fields)...)
			}
		}
	}
	known := map[string]bool{"": true}
	for _, object := range objects {
		if object.GetKind() == "Namespace" {
			known[object.GetName()] = true
		}
	}
	for _, object := range slices.Concat(objects, all) {
		if name := object.GetNamespace(); !known[name] {
			known[name] = true
			all = append(all, made("v1", "Namespace", "", name, nil))
		}
	}
	slices.SortFunc(all, func(a, b *unstructured.Unstructured) int {
		return cmp.Compare(named(a).String(), named(b).String())
	})
	return all
}

// gatewayWorkload is the gateway that a profile describes.
func gatewayWorkload(name string, gateway map[string]any) []*unstructured.Unstructured {
	namespace, _, _ := unstructured.NestedString(gateway, "namespace")
	selector, _, _ := unstructured.NestedMap(gateway, "selector")
	http, found, _ := unstructured.NestedInt64(gateway, "ports", "http")
	if !found {
		http = 80
	}
	name += "-gateway"
	return []*unstructured.Unstructured{
		made("v1", "Service", namespace, name, map[string]any{
			"selector": selector,
			"ports": []any{
				map[string]any{"name": "http", "protocol": "TCP", "port": int64(80), "targetPort": http},
				map[string]any{"name": "https", "protocol": "TCP", "port": int64(443), "targetPort": int64(443)},
			},
		}),
		made("apps/v1", "Deployment", namespace, name, map[string]any{
			"selector": map[string]any{"matchLabels": selector},
			"template": map[string]any{
				"metadata": map[string]any{"labels": selector},
				"spec":     map[string]any{"containers": []any{map[string]any{"name": "istio-proxy", "image": proxyImage}}},
			},
		}),
	}
}

func made(apiVersion, kind, namespace, name string, spec map[string]any) *unstructured.Unstructured {
	object := &unstructured.Unstructured{Object: map[string]any{}}
	object.SetAPIVersion(apiVersion)
	object.SetKind(kind)
	object.SetNamespace(namespace)
	object.SetName(name)
	if spec != nil {
		object.Object["spec"] = spec
	}
	return object
}
