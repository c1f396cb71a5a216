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
		for _, probe := range probesOf(pod) {
			mode, refuses := c.strict(pod, probe.port)
			if !refuses || slices.Contains(excluded, int32(probe.port)) { //nolint:gosec // It is a port.
				continue
			}
			finding := diag.Finding{
				Code: diag.ProbeRefused, Severity: diag.Warning, Source: pod.AnnotationAt(annotation.SidecarRewriteAppHTTPProbers.Name),
				Message: fmt.Sprintf("the %s of container %q of %s fails: the kubelet has no certificate, and port %d takes only mTLS",
					probe.kind, probe.container, podsOf(pod), probe.port),
				Because: []string{fmt.Sprintf("%s says STRICT, and this annotation keeps the sidecar from answering probes", mode.Who())},
				Related: []diag.Source{probe.at, mode.At()},
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

// probe is a check of the kubelet that needs an answer over HTTP.
type probe struct {
	container, kind string
	port            uint32
	at              diag.Source
}

func probesOf(pod *cluster.Pod) []probe {
	var found []probe
	for i := range pod.Containers {
		container := &pod.Containers[i]
		for _, kind := range []string{"startupProbe", "readinessProbe", "livenessProbe"} {
			for _, how := range []string{"httpGet", "grpc"} {
				field := pod.TemplateField("spec") + "." + container.Field + "." + kind + "." + how
				node := pod.Item.Field(field + ".port")
				if node == nil {
					continue
				}
				if number, ok := numberOf(node.Value, container); ok {
					found = append(found, probe{container.Name, kind, number, pod.Source(field)})
				}
			}
		}
	}
	return found
}

func numberOf(written string, container *facts.Container) (uint32, bool) {
	for _, port := range container.Ports {
		if port.Name == written {
			return uint32(port.Number), true //nolint:gosec // It is a port.
		}
	}
	number, err := strconv.ParseUint(written, 10, 16)
	return uint32(number), err == nil
}
