package istio

import (
	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/plan"
)

// leaving opens the egress gateway for the calls of one namespace.
func (r *renderer) leaving(l *plan.Leaving) {
	spec := &networking.Gateway{Selector: l.Selector}
	if l.Reads != nil {
		spec.Servers = append(spec.Servers, &networking.Server{
			Port:  &networking.Port{Number: uint32(l.Reads.Port), Name: "calls", Protocol: "HTTPS"}, //nolint:gosec // A port number is never negative.
			Hosts: []string{l.Reads.Hosts},
			Tls:   &networking.ServerTLSSettings{Mode: networking.ServerTLSSettings_ISTIO_MUTUAL},
		})
	}
	// A server for each host: where another namespace has the same one, Istio leaves out a server as a whole.
	for i := range l.Passes {
		passes := &l.Passes[i]
		spec.Servers = append(spec.Servers, &networking.Server{
			Port:  &networking.Port{Number: uint32(passes.Port), Name: passes.Name, Protocol: "TLS"}, //nolint:gosec // A port number is never negative.
			Hosts: []string{passes.Host},
			Tls:   &networking.ServerTLSSettings{Mode: networking.ServerTLSSettings_PASSTHROUGH},
		})
	}
	h := header{kind: "Gateway", name: l.Name, namespace: l.Namespace, owner: l.Owner, from: l.From}
	r.add(h, spec)
	if l.Reads == nil {
		return
	}
	h.kind = "DestinationRule"
	r.add(h, r.toGateway(l))
}

// toGateway makes the calls to the gateway mutual TLS. It is not automatic there, because the pods of a gateway do not say
// that they take it; and the SNI tells the gateway whose calls they are.
// https://istio.io/latest/docs/tasks/traffic-management/egress/egress-gateway-tls-origination/
func (r *renderer) toGateway(l *plan.Leaving) *networking.DestinationRule {
	return &networking.DestinationRule{
		Host: r.host(l.Service, l.In, l.Namespace), ExportTo: []string{"."},
		TrafficPolicy: &networking.TrafficPolicy{PortLevelSettings: []*networking.TrafficPolicy_PortTrafficPolicy{{
			Port: &networking.PortSelector{Number: uint32(l.Reads.Port)}, //nolint:gosec // A port number is never negative.
			Tls:  &networking.ClientTLSSettings{Mode: networking.ClientTLSSettings_ISTIO_MUTUAL, Sni: l.Reads.SNI},
		}}},
	}
}
