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
		container := &w.Containers[i]
		for _, kind := range []string{"startupProbe", "readinessProbe", "livenessProbe"} {
			for _, how := range []string{"httpGet", "grpc"} {
				field := w.TemplateField("spec") + "." + container.Field + "." + kind + "." + how
				node := w.Item.Field(field + ".port")
				if node == nil {
					continue
				}
				number, ok := container.numberOf(node.Value)
				if !ok {
					continue
				}
				probe := Probe{Container: container.Name, Kind: kind, Port: number, At: w.Source(field)}
				if how == "httpGet" {
					probe.Path = "/"
					if path := w.Item.Field(field + ".path"); path != nil && path.Value != "" {
						probe.Path = path.Value
					}
				}
				found = append(found, probe)
			}
		}
	}
	return found
}

// numberOf is the number of a port that is written as a number or as the name of a port of the container.
func (c *Container) numberOf(written string) (int32, bool) {
	if i := slices.IndexFunc(c.Ports, func(p ContainerPort) bool { return p.Name == written }); i >= 0 {
		return c.Ports[i].Number, true
	}
	number, err := strconv.ParseUint(written, 10, 16)
	return int32(number), err == nil //nolint:gosec // It has 16 bits.
}
