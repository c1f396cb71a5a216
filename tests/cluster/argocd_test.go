package cluster

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/argoproj/argo-cd/gitops-engine/pkg/health"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/sync"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/sync/common"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/utils/kube"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/utils/tracing"
	"github.com/go-logr/logr"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// argoCD syncs as Argo CD's application controller does with ServerSideApply=true: its own sync engine, which orders by
// wave, kind and name, called again with fresh live objects until the operation ends.
// https://github.com/argoproj/argo-cd/blob/v3.5.7/controller/sync.go
func (c *cluster) argoCD(t *testing.T, objects []*unstructured.Unstructured) error {
	t.Helper()
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
		if phase.Completed() {
			break
		}
	}
	if phase != common.OperationSucceeded {
		return fmt.Errorf("%s: %s%s", phase, message, unsynced(results))
	}
	return nil
}

// noOverrides is a cluster without health checks of its own.
type noOverrides struct{}

func (noOverrides) GetResourceHealth(*unstructured.Unstructured) (*health.HealthStatus, error) {
	return nil, nil //nolint:nilnil // That is how the interface says that there is none.
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
