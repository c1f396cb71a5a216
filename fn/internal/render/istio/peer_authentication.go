package istio

import (
	security "istio.io/api/security/v1"
	typev1beta1 "istio.io/api/type/v1beta1"

	"github.com/meshfn/meshfn/fn/internal/plan"
)

// securityVersion has been stable since Istio 1.22.
const securityVersion = "security.istio.io/v1"

// strictWave lets Argo CD turn plain text off after everything else, when the sidecars of this very release are there.
const strictWave = "1"

// peerAuthentication says what the pods of a workload accept.
func (r *renderer) peerAuthentication(p *plan.Pod) {
	t := p.Transport
	if t == nil {
		return
	}
	h := header{apiVersion: securityVersion, kind: "PeerAuthentication", name: t.Name, namespace: p.Namespace, owner: t.Owner, from: t.From}
	mode := security.PeerAuthentication_MutualTLS_PERMISSIVE
	if t.Mutual {
		mode = security.PeerAuthentication_MutualTLS_STRICT
		h.annotations = map[string]any{syncWave: strictWave}
	}
	r.add(h, &security.PeerAuthentication{
		Selector:      &typev1beta1.WorkloadSelector{MatchLabels: t.Selector},
		Mtls:          &security.PeerAuthentication_MutualTLS{Mode: mode},
		PortLevelMtls: plainPorts(t.PlainPorts),
	})
}

// plainPorts are the ports that accept plain text beside mutual TLS.
func plainPorts(ports []int32) map[uint32]*security.PeerAuthentication_MutualTLS {
	if len(ports) == 0 {
		return nil
	}
	out := map[uint32]*security.PeerAuthentication_MutualTLS{}
	for _, port := range ports {
		out[uint32(port)] = &security.PeerAuthentication_MutualTLS{Mode: security.PeerAuthentication_MutualTLS_PERMISSIVE} //nolint:gosec // It is a port.
	}
	return out
}
