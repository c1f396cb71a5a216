// Package services checks Services, their ports, and the pods behind them.
package services

import (
	"strconv"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// Check reports what would not work in the mesh.
func Check(v *cluster.View) diag.List {
	c := &checker{View: v}
	c.joined()
	c.containerPorts()
	c.protocols()
	c.targetPorts()
	c.selectors()
	c.headlessPorts()
	c.headlessRoutes()
	c.headlessPolicies()
	c.autoImages()
	return c.findings
}

type checker struct {
	*cluster.View
	findings diag.List
}

func (c *checker) report(finding diag.Finding) { c.findings = append(c.findings, finding) }

// sidecar says whether the pods of a workload get a sidecar.
func (c *checker) sidecar(workload *facts.Workload) facts.Answer {
	return c.Injection(c.PodOf(workload)).Sidecar
}

// ifMeshed is the severity of what goes wrong only where there is a sidecar.
func ifMeshed(sidecar facts.Answer, certain diag.Severity) diag.Severity {
	if sidecar == facts.Yes {
		return certain
	}
	return diag.Info
}

// use is one port of a Service.
type use struct {
	service *facts.Service
	port    *facts.Port
}

func (u use) at() diag.Source { return u.service.Source(u.port.Field) }

// tcp reports whether a sidecar handles the port at all.
func (u use) tcp() bool { return facts.Transport(u.port.Transport) == "TCP" }

// differ reports whether a sidecar handles the protocols of two ports differently. A port that does not say its protocol
// agrees with every other one.
func (u use) differ(other use) bool {
	a, b := family(u.port.Protocol), family(other.port.Protocol)
	return a != b && a != facts.Sniffed && b != facts.Sniffed
}

// family takes together what a sidecar handles alike: gRPC is HTTP to it.
func family(p facts.Protocol) facts.Protocol {
	if p == facts.GRPC {
		return facts.HTTP
	}
	return p
}

// target is the port of the pods that a port of a Service leads to: its number, or its name where no container has it.
func target(port *facts.Port, workload *facts.Workload) string {
	if number, ok := workload.Target(port); ok {
		return strconv.Itoa(int(number))
	}
	return port.TargetPort
}
