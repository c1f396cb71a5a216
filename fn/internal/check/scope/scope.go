// Package scope checks ServiceEntries, Sidecars, and who sees what.
package scope

import (
	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// Check reports what would not work in the mesh.
func Check(v *cluster.View) diag.List {
	c := &checker{View: v, hosts: hostsOf(v), workloadsIn: map[string]*facts.Labelled[*workload]{}}
	c.sidecars()
	c.outbound()
	c.imports()
	c.unseen()
	c.dependencies()
	c.exports()
	c.destinations()
	c.entries()
	c.repeatedHosts()
	c.commonPorts()
	c.machines()
	c.discovery()
	return c.findings
}

type (
	sidecar        = cluster.Object[*networking.Sidecar]
	serviceEntry   = cluster.Object[*networking.ServiceEntry]
	virtualService = cluster.Object[*networking.VirtualService]
)

type checker struct {
	*cluster.View
	hosts    *hosts
	findings diag.List

	workloadsIn map[string]*facts.Labelled[*workload] // by namespace
}

func (c *checker) report(finding diag.Finding) { c.findings = append(c.findings, finding) }
