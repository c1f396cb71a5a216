package istio

import (
	"fmt"
	"strings"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/plan"
)

// external writes one host outside the mesh, for one side that calls it.
func (r *renderer) external(e *plan.External) {
	r.serviceEntry(e)
	r.externalPolicy(e)
	r.externalRoutes(e)
}

// serviceEntry makes proxies know the host.
// https://istio.io/latest/docs/reference/config/networking/service-entry/
func (r *renderer) serviceEntry(e *plan.External) {
	spec := &networking.ServiceEntry{
		Hosts: []string{e.Host}, Addresses: e.Addresses, ExportTo: e.SeenBy,
		Location: networking.ServiceEntry_MESH_EXTERNAL, Resolution: networking.ServiceEntry_DNS,
	}
	if e.AsCalled {
		spec.Resolution = networking.ServiceEntry_NONE
	}
	if e.Address != "" {
		spec.Endpoints = []*networking.WorkloadEntry{{Address: e.Address}}
	}
	for i := range e.Ports {
		port := &e.Ports[i]
		spec.Ports = append(spec.Ports, &networking.ServicePort{
			Number: uint32(port.Number), TargetPort: uint32(port.Target), //nolint:gosec // A port number is never negative.
			Name: portName(port), Protocol: string(port.Protocol),
		})
	}
	r.add(r.externalHeader(e, "ServiceEntry"), spec)
}

func portName(port *plan.ExternalPort) string {
	return fmt.Sprintf("%s-%d", strings.ToLower(string(port.Protocol)), port.Number)
}

func (r *renderer) externalHeader(e *plan.External, kind string) header {
	return header{kind: kind, name: e.Name, namespace: e.Namespace, owner: e.Owner, from: e.From}
}

// externalPolicy holds TLS and the settings of calls. TLS stands at its port: on another one of the host, the application
// may speak it itself.
func (r *renderer) externalPolicy(e *plan.External) {
	ports := make([]plan.Port, 0, len(e.Ports))
	for i := range e.Ports {
		ports = append(ports, e.Ports[i].Port)
	}
	spec := &networking.DestinationRule{Host: e.Host, TrafficPolicy: trafficPolicy(ports, e.StreamIdleTimeout), ExportTo: e.SeenBy}
	if spec.TrafficPolicy != nil {
		r.add(r.externalHeader(e, "DestinationRule"), spec)
	}
}

// origination is TLS that the proxy speaks with the host.
func origination(o *plan.Origination) *networking.ClientTLSSettings {
	if o == nil {
		return nil
	}
	return &networking.ClientTLSSettings{
		Mode: networking.ClientTLSSettings_SIMPLE, Sni: o.SNI.V, SubjectAltNames: o.Names.V, CaCertificates: o.Authorities.V,
	}
}
