package cluster

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/argoproj/argo-cd/gitops-engine/pkg/diff"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/health"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/sync"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/sync/common"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/sync/hook"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/utils/kube"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/utils/tracing"
	"github.com/go-logr/logr"
	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// argoCD syncs as Argo CD's application controller does with ServerSideApply=true: its own sync engine, which orders by
// wave, kind and name, called again with fresh live objects until the operation ends.
// https://github.com/argoproj/argo-cd/blob/v3.5.7/controller/sync.go
func (c *cluster) argoCD(t *testing.T, objects []*unstructured.Unstructured) error {
	t.Helper()
	return c.argoCDWhile(t, objects, c.rollOut)
}

// argoCDWhile does the same, with something that happens in the cluster each time the operation waits.
func (c *cluster) argoCDWhile(t *testing.T, objects []*unstructured.Unstructured, rollOut func(*testing.T, []*unstructured.Unstructured)) error {
	t.Helper()
	for _, object := range objects {
		track(object)
	}
	kubectl := &kube.KubectlCmd{Log: logr.Discard(), Tracer: tracing.NopTracer{}}
	phase, message := common.OperationRunning, ""
	var results []common.ResourceSyncResult
	started := metav1.NewTime(time.Now())
	for range 20 {
		state := sync.ReconciliationResult{Target: objects}
		for _, object := range objects {
			state.Live = append(state.Live, c.liveOrNil(t, object))
		}
		engine, cleanup, err := sync.NewSyncContext("", state, c.config, c.config, kubectl, application,
			sync.WithLogr(logr.Discard()),
			sync.WithHealthOverride(noOverrides{}),
			sync.WithOperationSettings(false, false, false, false),
			sync.WithInitialState(phase, message, results, started),
			sync.WithManifestValidation(true),
			sync.WithServerSideApply(true),
			sync.WithServerSideApplyManager("argocd-controller"),
		)
		if err != nil {
			return err
		}
		engine.Sync()
		cleanup()
		phase, message, results = engine.GetState()
		rollOut(t, objects)
		if phase.Completed() {
			break
		}
	}
	if phase != common.OperationSucceeded {
		return fmt.Errorf("%s: %s%s", phase, message, unsynced(results))
	}
	return nil
}

// track marks an object as a part of the Application, as Argo CD does by default.
// https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/
func track(object *unstructured.Unstructured) {
	annotations := object.GetAnnotations()
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations["argocd.argoproj.io/tracking-id"] = fmt.Sprintf("application:%s/%s:%s/%s",
		object.GroupVersionKind().Group, object.GetKind(), object.GetNamespace(), object.GetName())
	object.SetAnnotations(annotations)
}

// withoutHooks leaves out what Argo CD would run and wait for, which nothing in this cluster does.
func withoutHooks(objects []*unstructured.Unstructured) []*unstructured.Unstructured {
	return slices.DeleteFunc(slices.Clone(objects), hook.IsHook)
}

// noOverrides is a cluster without health checks of its own.
type noOverrides struct{}

func (noOverrides) GetResourceHealth(*unstructured.Unstructured) (*health.HealthStatus, error) {
	return nil, nil // The engine's own checks decide.
}

// inSync holds that Argo CD itself sees no difference afterwards, so that an Application does not stay out of sync.
func (c *cluster) inSync(t *testing.T, objects []*unstructured.Unstructured) {
	t.Helper()
	var live []*unstructured.Unstructured
	for _, object := range objects {
		live = append(live, c.liveOrNil(t, object))
	}
	differences, err := diff.DiffArray(objects, live, diff.WithLogr(logr.Discard()))
	if err != nil {
		t.Fatal(err)
	}
	for i, difference := range differences.Diffs {
		if difference.Modified {
			t.Errorf("%s is out of sync (- live, + wanted):\n%s", nameOf(objects[i]),
				cmp.Diff(string(difference.NormalizedLive), string(difference.PredictedLive)))
		}
	}
}

// unsynced lists what was not applied, and why.
func unsynced(results []common.ResourceSyncResult) string {
	text := ""
	for _, result := range slices.Backward(results) {
		if result.Status != common.ResultCodeSynced {
			text = fmt.Sprintf("\n%s: %s: %s", result.ResourceKey.String(), result.Status, result.Message) + text
		}
	}
	return text
}

func (c *cluster) liveOrNil(t *testing.T, object *unstructured.Unstructured) *unstructured.Unstructured {
	t.Helper()
	live, err := c.live(t.Context(), object)
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	return live
}
