package injection

import (
	"fmt"
	"slices"
	"strconv"

	"istio.io/api/annotation"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// strict returns what makes a port of the pods refuse calls without mTLS, where something does.
func (c *checker) strict(pod *cluster.Pod, port uint32) (mode cluster.MTLS, refuses bool) {
	accepted := c.MTLSOf(pod).Port(port)
	return accepted, accepted.Mode == cluster.StrictMTLS
}

// probes finds probes that STRICT refuses: the kubelet has no certificate, and the pods ask Istio not to answer for them.
// https://istio.io/latest/docs/ops/configuration/mesh/app-health-check/
func (c *checker) probes() {
	for _, pod := range c.Pods {
		value, ok := pod.Annotations[annotation.SidecarRewriteAppHTTPProbers.Name]
		if rewrites, err := strconv.ParseBool(value); !ok || err != nil || rewrites {
			continue
		}
		sidecar := c.Injection(pod).Sidecar
		if sidecar == facts.No {
			continue
		}
		excluded := facts.PortList(pod.Annotations[annotation.SidecarTrafficExcludeInboundPorts.Name])
		for _, probe := range pod.Probes() {
			mode, refuses := c.strict(pod, uint32(probe.Port)) //nolint:gosec // It is a port.
			if !refuses || slices.Contains(excluded, probe.Port) {
				continue
			}
			finding := diag.Finding{
				Code: diag.ProbeRefused, Severity: diag.Warning, Source: pod.AnnotationAt(annotation.SidecarRewriteAppHTTPProbers.Name),
				Message: fmt.Sprintf("the %s of container %q of %s fails: the kubelet has no certificate, and port %d takes only mTLS",
					probe.Kind, probe.Container, podsOf(pod), probe.Port),
				Because: []string{fmt.Sprintf("%s says STRICT, and this annotation keeps the sidecar from answering probes", mode.Who())},
				Related: []diag.Source{probe.At, mode.At()},
				Try:     "remove the annotation",
			}
			if sidecar == facts.Yes {
				finding.Severity = diag.Error
			}
			c.report(finding)
			break // The others fail for the same reason.
		}
	}
}
