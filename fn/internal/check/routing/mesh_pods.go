package routing

import (
	security "istio.io/api/security/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// hasSidecar reports whether the build says that a pod gets a sidecar: by its own label, or by that of its Namespace.
// https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy
func (c *checker) hasSidecar(pod *cluster.Pod) bool {
	if value, ok := pod.Labels["sidecar.istio.io/inject"]; ok || pod.HostNetwork {
		return value == "true" && !pod.HostNetwork
	}
	if pod.Labels["istio.io/rev"] != "" {
		return true
	}
	namespace := c.Facts.Namespace(pod.Namespace)
	return namespace != nil && (namespace.Labels["istio-injection"] == "enabled" ||
		namespace.Labels["istio-injection"] == "" && namespace.Labels["istio.io/rev"] != "")
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

// decidesMutualTLS reports whether the build has a PeerAuthentication for a namespace that turns mutual TLS off or requires
// it.
func (c *checker) decidesMutualTLS(namespace string) bool {
	for _, policy := range c.PeerAuthentications {
		mode := policy.Spec.GetMtls().GetMode()
		if (policy.Namespace == namespace || policy.Namespace == cluster.RootNamespace) &&
			(mode == security.PeerAuthentication_MutualTLS_STRICT || mode == security.PeerAuthentication_MutualTLS_DISABLE) {
			return true
		}
	}
	return false
}
