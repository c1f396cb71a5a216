package istio

import (
	"fmt"
	"slices"
	"testing"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/manifest"
	"github.com/meshfn/meshfn/fn/internal/plan"
)

// TestPatchProposes holds that a name with a slip gets the right one as a proposal that tools can apply.
func TestPatchProposes(t *testing.T) {
	r := &renderer{out: &manifest.Set{Objects: []manifest.Object{
		{Owner: "shop", Resource: diag.Resource{Kind: "VirtualService", Name: "web"}},
	}}}
	at := func(string) diag.Source { return diag.Source{} }
	r.patch(&plan.Patch{Owner: "shop", Kind: "VirtualService", Name: "wbe", Field: at})
	if len(r.findings) != 1 || r.findings[0].Proposed != "web" {
		t.Errorf("the findings are %+v", r.findings)
	}
}

// TestSortedKeys holds that the first problem of a patch is the same in every run.
func TestSortedKeys(t *testing.T) {
	m := map[string]any{}
	for i := range 100 {
		m[fmt.Sprint(i)] = i
	}
	if keys := sortedKeys(m); len(keys) != 100 || !slices.IsSorted(keys) {
		t.Errorf("the keys are %v", keys)
	}
}
