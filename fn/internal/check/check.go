// Package check judges the real output: each generated object by Istio's own validation, and all of them against the
// objects that the user keeps by hand.
package check

import (
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/manifest"
)

// Check reports what would not work in the mesh. others are the items of the build that are not ours.
func Check(set *manifest.Set, others []*item.Item) diag.List {
	findings := validate(set)
	return append(findings, conflicts(set, others)...)
}
