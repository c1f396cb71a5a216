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
	Old       string           `json:"old"` // as people call the sides
	New       string           `json:"new"`
	Changes   []changes.Change `json:"changes"`   // who is affected most first
	Calls     []changes.Call   `json:"calls"`     // that begin or end
	Objects   []objects.Object `json:"objects"`   // that are not the same
	Rewritten []diag.Resource  `json:"rewritten"` // objects that mean the same, and are written in another way
	Findings  diag.List        `json:"findings"`  // about the way from the one to the other

	Unbuilt       []string `json:"-"` // applications that do not build, and so are not compared
	UnbuiltErrors int      `json:"-"` // how many of the findings are the reason
}

// Same reports whether the same would be applied.
func (c *Comparison) Same() bool { return len(c.Changes) == 0 && len(c.Objects) == 0 }

// Compare compares two finished builds.
func Compare(from, to *side.Side) *Comparison {
	c := &Comparison{Old: from.Name, New: to.Name, Findings: transition.Check(from, to)}
	c.Objects, c.Rewritten = objects.Of(from, to)
	c.Changes, c.Calls = changes.Of(from, to, c.Objects)
	return c
}
