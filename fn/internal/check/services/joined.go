package services

import (
	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/joining"
)

// joined finds what pods have that joined the mesh, or may have, and that does not go together with a sidecar. What a Mesh
// decided was said before, except where it depends on policies.
func (c *checker) joined() {
	for _, pod := range c.Pods {
		sidecar := c.Injection(pod).Sidecar
		if sidecar == facts.No {
			continue
		}
		for _, obstacle := range joining.Obstacles(c.Facts, &joining.Pods{
			Workload: pod.Workload, Annotations: pod.Annotations, NativeSidecars: c.Istio.NativeSidecars,
		}) {
			if c.counts(pod, &obstacle, sidecar) {
				c.reportOnce(obstacle.Lower(ifMeshed(sidecar, byHand(pod, &obstacle))).Finding())
			}
		}
	}
}

// counts reports whether an obstacle does harm in the finished build. Much can be in the way of pods that need not join.
func (c *checker) counts(pod *cluster.Pod, obstacle *joining.Obstacle, sidecar facts.Answer) bool {
	accepts := c.MTLSOf(pod).Port(uint32(obstacle.Port)).Mode //nolint:gosec // It is a port.
	switch obstacle.While {
	case joining.Plaintext:
		return sidecar == facts.Yes && accepts != cluster.StrictMTLS && accepts != cluster.DisableMTLS
	case joining.OnlyMTLS:
		return sidecar == facts.Yes && accepts == cluster.StrictMTLS
	case joining.Anything:
	}
	if pod.Decided() || obstacle.Code == diag.SecurityLevel || obstacle.Out {
		return false // A Mesh had it said, these pods run already, or the checks of injection say it.
	}
	wrong := obstacle.Code == diag.ProxyUser || obstacle.Code == diag.ProxyPort // Even where it is not known whether they join.
	return sidecar == facts.Yes || wrong
}

// byHand is how severe an obstacle is for pods that joined without a Mesh. They may run like this already, and only a port
// that is taken keeps them from it for certain.
func byHand(pod *cluster.Pod, obstacle *joining.Obstacle) diag.Severity {
	if obstacle.Code == diag.ProxyPort || pod.Decided() {
		return obstacle.Severity
	}
	return max(obstacle.Severity, diag.Warning)
}

// hanging finds a server-first protocol at a port whose pods have no sidecar, or are elsewhere. Calls from sidecars hang
// there too; whether there are any is not known.
func (c *checker) hanging(service *facts.Service, port *facts.Port) bool {
	if port.Protocol != facts.Sniffed {
		return false
	}
	var workload *facts.Workload
	if len(service.Workloads) > 0 {
		workload = service.Workloads[0]
	}
	protocol, why, said := joining.ServerFirst(port, workload)
	if protocol == "" {
		return false
	}
	c.reportOnce(joining.Sniffed(service, port, protocol, why, said).Lower(diag.Info).Finding())
	return true
}

// reportOnce leaves out what was said of the same place, now or by an earlier stage.
func (c *checker) reportOnce(finding diag.Finding) {
	if c.Said(finding.Code, finding.Source) {
		return
	}
	for i := range c.findings {
		if c.findings[i].Code == finding.Code && c.findings[i].Source == finding.Source {
			return
		}
	}
	c.report(finding)
}
