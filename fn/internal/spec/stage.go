package spec

import (
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Stage is how far a Service or a workload has come on its way into the mesh, and who says so.
type Stage struct {
	Name   v1alpha1.Stage
	Stated bool        // somebody wrote it; it is not the built-in default
	At     diag.Source // where it is written, zero where nobody did
}

// Permits reports whether the stage is the given one or a later one.
func (s Stage) Permits(stage v1alpha1.Stage) bool {
	order := v1alpha1.Stages()
	return slices.Index(order, s.Name) >= slices.Index(order, stage)
}

// Namespace is what the rollout says of a namespace that a Mesh of the build is for.
type Namespace struct {
	Name  string
	Stage Stage
	Owner Owner
	// Injected says that every pod of the namespace gets a sidecar, unless it is kept out.
	Injected bool
	At       diag.Source // where that is written
}
