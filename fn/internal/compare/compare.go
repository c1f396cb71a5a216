// Package compare says what is different between two builds: for whom, in which objects, and whether the way from the one
// to the other is safe.
package compare

import (
	"github.com/meshfn/meshfn/fn/internal/compare/changes"
	"github.com/meshfn/meshfn/fn/internal/compare/objects"
	"github.com/meshfn/meshfn/fn/internal/compare/side"
	"github.com/meshfn/meshfn/fn/internal/compare/transition"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Comparison is everything there is to say about two builds.
type Comparison struct {
	Old      string           `json:"old"` // as people call the sides
	New      string           `json:"new"`
	Changes  []changes.Change `json:"changes"`
	Objects  []objects.Object `json:"objects"`
	Findings diag.List        `json:"findings"` // about the way from the one to the other
}

// Same reports whether the same would be applied.
func (c *Comparison) Same() bool { return len(c.Changes) == 0 && len(c.Objects) == 0 }

// Compare compares two finished builds.
func Compare(from, to *side.Side) *Comparison {
	return &Comparison{
		Old: from.Name, New: to.Name,
		Changes: changes.Of(from, to), Objects: objects.Of(from, to), Findings: transition.Check(from, to),
	}
}
