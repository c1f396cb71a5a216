// Package routing checks VirtualServices and DestinationRules: where calls go, and whether they can.
package routing

import (
	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Check reports what would not work in the mesh.
func Check(v *cluster.View) diag.List {
	c := &checker{View: v}
	return c.findings
}

type checker struct {
	*cluster.View
	findings diag.List
}

func (c *checker) report(finding diag.Finding) { c.findings = append(c.findings, finding) }
