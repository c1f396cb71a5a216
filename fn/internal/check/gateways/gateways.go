// Package gateways checks Gateways and their certificates, and the Gateway API.
package gateways

import (
	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Check reports what would not work in the mesh.
func Check(v *cluster.View) diag.List {
	c := &checker{View: v, places: map[*gateway]place{}}
	c.conflicts()
	c.domains()
	c.selectors()
	c.ports()
	c.credentials()
	c.sharedCertificates()
	c.policySelectors()
	c.kubernetesGateways()
	c.routes()
	c.grants()
	c.definitions()
	c.mixed()
	return c.findings
}

type checker struct {
	*cluster.View
	places   map[*gateway]place
	findings diag.List
}

func (c *checker) report(finding diag.Finding) { c.findings = append(c.findings, finding) }
