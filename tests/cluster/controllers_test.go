package cluster

import (
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// rollOut writes into the status of workloads what the controllers and kubelets of a cluster would, once all pods are up.
// None run here. Argo CD waits for that before it goes on to a later wave.
func (c *cluster) rollOut(t *testing.T, objects []*unstructured.Unstructured) {
	t.Helper()
	for _, object := range objects {
		status := statusOf(object)
		if status == nil {
			continue
		}
		live, err := c.live(t.Context(), object)
		if apierrors.IsNotFound(err) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if isUp(live) {
			continue
		}
		if _, ok := status["observedGeneration"]; ok {
			status["observedGeneration"] = live.GetGeneration()
		}
		live.Object["status"] = status
		if err := c.client.Status().Update(t.Context(), live, client.FieldOwner("controllers")); err != nil {
			t.Fatalf("%s: %v", nameOf(object), err)
		}
	}
}

// isUp reports whether somebody wrote a status already. The server itself begins some with a count of none.
func isUp(live *unstructured.Unstructured) bool {
	status, _ := live.Object["status"].(map[string]any)
	return status["observedGeneration"] != nil || status["phase"] == "Running"
}

// statusOf is the status of a workload whose pods are up, nil for what needs none.
func statusOf(object *unstructured.Unstructured) map[string]any {
	replicas, ok, _ := unstructured.NestedInt64(object.Object, "spec", "replicas")
	if !ok {
		replicas = 1
	}
	counts := map[string]any{
		"observedGeneration": int64(0), "replicas": replicas, "readyReplicas": replicas,
	}
	switch object.GetKind() {
	case "Deployment":
		counts["updatedReplicas"], counts["availableReplicas"] = replicas, replicas
	case "StatefulSet":
		counts["updatedReplicas"], counts["currentReplicas"], counts["availableReplicas"] = replicas, replicas, replicas
	case "ReplicaSet":
		counts["availableReplicas"] = replicas
	case "DaemonSet":
		return map[string]any{
			"observedGeneration": int64(0), "currentNumberScheduled": int64(1), "desiredNumberScheduled": int64(1),
			"numberReady": int64(1), "updatedNumberScheduled": int64(1), "numberAvailable": int64(1), "numberMisscheduled": int64(0),
		}
	case "Pod":
		return map[string]any{"phase": "Running", "conditions": []any{map[string]any{"type": "Ready", "status": "True"}}}
	default:
		return nil
	}
	return counts
}
