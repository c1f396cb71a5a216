package routing

import (
	"maps"
	"slices"
	"strings"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
)

// meshGateway is the word for the callers inside the mesh.
const meshGateway = "mesh"

// inMesh reports whether a VirtualService holds for callers inside the mesh, as it does when it names no gateway.
func inMesh(vs *virtualService) bool {
	return len(vs.Spec.Gateways) == 0 || slices.Contains(vs.Spec.Gateways, meshGateway)
}

// gatewaysOf lists the gateways of a VirtualService as namespace/name.
func gatewaysOf(vs *virtualService) []string {
	var names []string
	for _, gateway := range vs.Spec.Gateways {
		if gateway != meshGateway {
			names = append(names, gatewayName(gateway, vs.Namespace))
		}
	}
	return names
}

// gatewayName is namespace/name for every way to name a Gateway. The one with dots is left from the first releases.
func gatewayName(text, namespace string) string {
	if strings.Contains(text, "/") {
		return text
	}
	if gateway, rest, found := strings.Cut(text, "."); found {
		in, _, _ := strings.Cut(rest, ".")
		return in + "/" + gateway
	}
	return namespace + "/" + text
}

// gateway finds a Gateway of the build, nil when it has none of that name.
func (c *checker) gateway(full string) *cluster.Object[*networking.Gateway] {
	if named := c.gateways[full]; len(named) > 0 {
		return named[0]
	}
	return nil
}

// shareGateway reports whether two hosts are routed at the same Gateway, or at two Gateways that open a port of the same
// pods. A Gateway that is known not to take the host from its namespace does not count.
func (c *checker) shareGateway(a, b claim) bool {
	for _, left := range gatewaysOf(a.vs) {
		for _, right := range gatewaysOf(b.vs) {
			one, other := c.gateway(left), c.gateway(right)
			if one != nil && !takesHost(one, a.host(), a.vs.Namespace) || other != nil && !takesHost(other, b.host(), b.vs.Namespace) {
				continue
			}
			if left == right || samePort(one, other) {
				return true
			}
		}
	}
	return false
}

func samePort(a, b *cluster.Object[*networking.Gateway]) bool {
	if a == nil || b == nil || !maps.Equal(a.Spec.Selector, b.Spec.Selector) {
		return false
	}
	for _, server := range a.Spec.Servers {
		for _, other := range b.Spec.Servers {
			if server.GetPort().GetNumber() == other.GetPort().GetNumber() {
				return true
			}
		}
	}
	return false
}

// exported is the namespaces that see an object, nil for all of them.
func exported(to []string, namespace string) map[string]bool {
	if len(to) == 0 || slices.Contains(to, "*") {
		return nil
	}
	seen := map[string]bool{}
	for _, entry := range to {
		if entry == "." {
			entry = namespace
		}
		seen[entry] = true
	}
	return seen
}

// seenTogether reports whether some namespace sees both objects.
func seenTogether(a, b map[string]bool) bool {
	if a == nil || b == nil {
		return true
	}
	for namespace := range a {
		if b[namespace] {
			return true
		}
	}
	return false
}

// seenIn reports whether a namespace sees an object.
func seenIn(namespace string, to map[string]bool) bool { return to == nil || to[namespace] }
