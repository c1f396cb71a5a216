package routing

import (
	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// automatic reports whether a pod gets calls by automatic mutual TLS: it has a sidecar, and the build neither turns mutual
// TLS off there nor requires it.
func (c *checker) automatic(pod *cluster.Pod) bool {
	if auto := c.Istio.Mesh.EnableAutoMtls; auto != nil && !*auto {
		return false
	}
	mode := c.MTLSOf(pod).Mode
	return c.DataplaneOf(pod) == cluster.OwnProxy && mode != cluster.StrictMTLS && mode != cluster.DisableMTLS
}

// servesPlain reports whether the ports that a setting is for carry HTTP without TLS.
func servesPlain(service *facts.Service, number uint32) bool {
	plain := false
	for i := range service.Ports {
		port := &service.Ports[i]
		if number != 0 && number != uint32(port.Number) { //nolint:gosec // Read within 1 to 65535.
			continue
		}
		if port.Protocol != facts.HTTP && port.Protocol != facts.GRPC {
			return false
		}
		plain = true
	}
	return plain
}
