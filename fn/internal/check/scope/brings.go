package scope

import (
	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
)

// brings reports whether a Sidecar imports an object of a namespace by one of its hosts. Without egress, it imports
// everything. A VirtualService comes also by a part of its wildcard.
func brings(s *sidecar, namespace, host string, wide bool) bool {
	for _, listener := range s.Spec.Egress {
		if takes(listener, s.Namespace, namespace, host, wide) {
			return true
		}
	}
	return len(s.Spec.Egress) == 0
}

func takes(listener *networking.IstioEgressListener, own, namespace, host string, wide bool) bool {
	taken := false
	for _, entry := range listener.Hosts {
		p := patternOf(entry, own)
		if !p.takes(namespace) {
			continue
		}
		matches := within(host, p.host)
		if p.excluded && matches {
			return false
		}
		taken = taken || !p.excluded && (matches || wide && cluster.Covers(host, p.host))
	}
	return taken
}
