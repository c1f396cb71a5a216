package cluster

import (
	"fmt"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/polling"
	"github.com/fluxcd/pkg/ssa"
	"github.com/fluxcd/pkg/ssa/normalize"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// flux applies as Flux's kustomize-controller does: its own resource manager, which orders by kind and name.
// It returns what each object underwent.
// https://github.com/fluxcd/kustomize-controller/blob/main/internal/controller/kustomization_controller.go
func (c *cluster) flux(t *testing.T, objects []*unstructured.Unstructured) (*ssa.ChangeSet, error) {
	t.Helper()
	poller := polling.NewStatusPoller(c.client, c.client.RESTMapper(), polling.Options{})
	manager := ssa.NewResourceManager(c.client, poller, ssa.Owner{
		Field: "kustomize-controller", Group: "kustomize.toolkit.fluxcd.io",
	})
	manager.SetOwnerLabels(objects, "application", "flux-system")
	if err := normalize.UnstructuredList(objects); err != nil {
		return nil, fmt.Errorf("normalize: %w", err)
	}
	return manager.ApplyAllStaged(t.Context(), objects, ssa.DefaultApplyOptions())
}
