package facts

import (
	"slices"
	"strconv"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// RewriteProbes is the annotation by which the sidecar answers the probes of the kubelet, which it does unless it says no.
const RewriteProbes = "sidecar.istio.io/rewriteAppHTTPProbers"

// Probe is a check of the kubelet that needs an answer of the application: over HTTP or gRPC. A connection alone is answered by
// the sidecar.
type Probe struct {
	Container, Kind string
	Port            int32
	Path            string // of HTTP, "" for gRPC
	At              diag.Source
}

// Probes lists the probes of the pods.
func (w *Workload) Probes() []Probe {
	var found []Probe
	for i := range w.Containers {
		for _, kind := range []string{"startupProbe", "readinessProbe", "livenessProbe"} {
			for _, how := range []string{"httpGet", "grpc"} {
				if probe, ok := w.probe(&w.Containers[i], kind, how); ok {
					found = append(found, probe)
				}
			}
		}
	}
	return found
}

func (w *Workload) probe(container *Container, kind, how string) (Probe, bool) {
	field := w.TemplateField("spec") + "." + container.Field + "." + kind + "." + how
	node := w.Item.Field(field + ".port")
	if node == nil {
		return Probe{}, false
	}
	number, ok := container.numberOf(node.Value)
	probe := Probe{Container: container.Name, Kind: kind, Port: number, At: w.Source(field)}
	if how == "httpGet" {
		probe.Path = "/"
		if path := w.Item.Field(field + ".path"); path != nil && path.Value != "" {
			probe.Path = path.Value
		}
	}
	return probe, ok
}

// numberOf is the number of a port that is written as a number or as the name of a port of the container.
func (c *Container) numberOf(written string) (int32, bool) {
	if i := slices.IndexFunc(c.Ports, func(p ContainerPort) bool { return p.Name == written }); i >= 0 {
		return c.Ports[i].Number, true
	}
	number, err := strconv.ParseUint(written, 10, 16)
	return int32(number), err == nil
}
