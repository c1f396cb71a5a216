package istio

import (
	"maps"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// proxyImage is the image of sidecars and gateways.
const proxyImage = "docker.io/istio/proxyv2:1.31.4"

// withPods adds what a cluster makes of workloads: a running pod for each pod template, with a sidecar where Istio's
// injector would add one.
func withPods(t *testing.T, objects []*unstructured.Unstructured) []*unstructured.Unstructured {
	t.Helper()
	namespaces := map[string]map[string]string{}
	for _, object := range objects {
		if object.GetKind() == "Namespace" {
			namespaces[object.GetName()] = object.GetLabels()
		}
	}
	var all []*unstructured.Unstructured
	for _, object := range objects {
		if object.GetKind() == "Pod" {
			object = object.DeepCopy()
			inject(object, namespaces[object.GetNamespace()])
		}
		all = append(all, object)
		if pod := podOf(t, object); pod != nil {
			inject(pod, namespaces[pod.GetNamespace()])
			all = append(all, pod)
		}
	}
	return all
}

// podOf is the pod of a workload's template, or nothing for an object without one.
func podOf(t *testing.T, owner *unstructured.Unstructured) *unstructured.Unstructured {
	t.Helper()
	path := []string{"spec", "template"}
	switch owner.GetKind() {
	case "CronJob":
		path = []string{"spec", "jobTemplate", "spec", "template"}
	case "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "Rollout":
	default:
		return nil
	}
	template, found, err := unstructured.NestedMap(owner.Object, path...)
	if err != nil {
		t.Fatalf("%s: %v", named(owner), err)
	}
	if !found {
		return nil // A Rollout may refer to the template of a Deployment.
	}
	// The kind keeps the pods of a Deployment and a Job with the same name apart.
	pod := made("v1", "Pod", owner.GetNamespace(), owner.GetName()+"-"+strings.ToLower(owner.GetKind()), nil)
	if pod.Object["spec"] = template["spec"]; template["spec"] == nil {
		pod.Object["spec"] = map[string]any{}
	}
	pod.SetLabels(metadataOf(t, template, "labels"))
	pod.SetAnnotations(metadataOf(t, template, "annotations"))
	controller := true
	pod.SetOwnerReferences([]metav1.OwnerReference{{
		APIVersion: owner.GetAPIVersion(), Kind: owner.GetKind(), Name: owner.GetName(), UID: "1", Controller: &controller,
	}})
	pod.Object["status"] = map[string]any{"phase": "Running"}
	return pod
}

// metadataOf gives the labels or annotations of a template.
func metadataOf(t *testing.T, template map[string]any, field string) map[string]string {
	t.Helper()
	if value, found, err := unstructured.NestedFieldNoCopy(template, "metadata", field); err != nil || !found || value == nil {
		return nil
	}
	values, _, err := unstructured.NestedStringMap(template, "metadata", field)
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// inject adds a sidecar to a pod where the default installation would.
func inject(pod *unstructured.Unstructured, namespace map[string]string) {
	if !injected(pod, namespace) {
		return
	}
	containers, _, _ := unstructured.NestedSlice(pod.Object, "spec", "containers")
	for _, container := range containers {
		if fields, ok := container.(map[string]any); ok && fields["name"] == "istio-proxy" {
			return
		}
	}
	sidecar := map[string]any{"name": "istio-proxy", "image": proxyImage}
	_ = unstructured.SetNestedSlice(pod.Object, append(containers, sidecar), "spec", "containers")
	labels := map[string]string{"security.istio.io/tlsMode": "istio"}
	maps.Copy(labels, pod.GetLabels())
	pod.SetLabels(labels)
}

// injected follows the selectors of Istio's webhook, with namespaces not injected by default.
//
// See https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy.
func injected(pod *unstructured.Unstructured, namespace map[string]string) bool {
	if hostNetwork, _, _ := unstructured.NestedBool(pod.Object, "spec", "hostNetwork"); hostNetwork {
		return false
	}
	label, labelled := pod.GetLabels()["sidecar.istio.io/inject"]
	if label == "false" || !labelled && pod.GetAnnotations()["sidecar.istio.io/inject"] == "false" {
		return false
	}
	if injection, ok := namespace["istio-injection"]; ok {
		return injection == "enabled"
	}
	_, revision := namespace["istio.io/rev"]
	_, own := pod.GetLabels()["istio.io/rev"]
	return revision || own || label == "true"
}
