// Package extensions checks telemetry, EnvoyFilters and other extensions of proxies.
package extensions

import (
	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Check reports what would not work in the mesh.
func Check(v *cluster.View) diag.List {
	c := &checker{View: v}
	c.telemetry()
	c.selectors()
	c.ambient()
	c.patches()
	c.deprecated()
	c.removed()
	c.networks()
	return c.findings
}

type checker struct {
	*cluster.View
	findings diag.List
}

func (c *checker) report(finding diag.Finding) { c.findings = append(c.findings, finding) }
