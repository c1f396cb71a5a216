package cluster

import (
	"maps"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// complete adds what a scenario leaves out because it says nothing about the mesh, but Kubernetes requires. Objects that
// the program writes are left as they are.
func complete(object *unstructured.Unstructured) {
	switch object.GetKind() {
	case "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet":
		completePods(object, "Always", "spec", "template")
		selector, _, _ := unstructured.NestedStringMap(object.Object, "spec", "template", "metadata", "labels")
		selector = maps.Clone(selector)
		maps.DeleteFunc(selector, func(key, _ string) bool { return key == "sidecar.istio.io/inject" || key == "istio.io/rev" })
		add(object, toAny(selector), "spec", "selector", "matchLabels")
	case "Job":
		completePods(object, "Never", "spec", "template")
	case "CronJob":
		add(object, "@daily", "spec", "schedule")
		completePods(object, "Never", "spec", "jobTemplate", "spec", "template")
	case "Pod":
		completePods(object, "Always")
	case "HorizontalPodAutoscaler":
		add(object, int64(10), "spec", "maxReplicas")
	}
}

// completePods completes the pod or pod template at a path.
func completePods(object *unstructured.Unstructured, restart string, path ...string) {
	container := map[string]any{"name": "app", "image": "registry.example.com/app:1"}
	add(object, []any{container}, append(path, "spec", "containers")...)
	add(object, restart, append(path, "spec", "restartPolicy")...)
	if len(path) > 0 {
		add(object, map[string]any{"app": object.GetName()}, append(path, "metadata", "labels")...)
	}
}

// add sets a field that is not there, or an empty list.
func add(object *unstructured.Unstructured, value any, path ...string) {
	there, found, _ := unstructured.NestedFieldNoCopy(object.Object, path...)
	if list, isList := there.([]any); found && (!isList || len(list) > 0) {
		return
	}
	if err := unstructured.SetNestedField(object.Object, value, path...); err != nil {
		panic(err)
	}
}

func toAny(labels map[string]string) map[string]any {
	out := map[string]any{}
	for key, value := range labels {
		out[key] = value
	}
	return out
}
