package v1alpha1

// Egress says how calls leave the mesh.
type Egress struct {
	// Gateway is the egress gateway through which calls to `external` hosts leave, from the stage `resilience` on. Hosts of
	// `tcp`, wildcards and hosts with `addresses` cannot go through it, and a warning says so.
	//
	// Settings of calls then act in the gateway, for the callers of a namespace together.
	//
	// Default: none; the sidecars call the hosts themselves.
	// Becomes: in each namespace that calls such hosts a Gateway object for the pods of the gateway, a DestinationRule that
	// makes the calls to them mutual TLS, and for each host a ServiceEntry, a DestinationRule and a VirtualService that only
	// the gateway sees. The names of these, `<host with dashes>.<namespace>.egress.internal`, keep namespaces apart: what one
	// says of a host does not hold for another. TLS that the application speaks itself is passed on by its SNI as it is; there
	// the gateway uses what the oldest namespace says of the port of a host.
	// Error: for a Mesh without a known namespace.
	// Example: {selector: {istio: egressgateway}, service: istio-egressgateway.istio-egress}
	//
	// Source: https://istio.io/latest/docs/tasks/traffic-management/egress/egress-gateway/
	Gateway *EgressGateway `json:"gateway,omitempty"`
}

// EgressGateway is a way out of the mesh. Its pods have to find Gateway objects of other namespaces, which is so unless
// istiod has PILOT_SCOPE_GATEWAY_TO_NAMESPACE.
type EgressGateway struct {
	// Selector holds the labels of the gateway's pods.
	//
	// Becomes: `selector` of each Gateway object.
	// Example: {istio: egressgateway}
	Selector map[string]string `json:"selector" meshfn:"required,min=1,max=16"`
	// Service is the Service of the gateway's pods, with its namespace, which is that of the pods.
	//
	// Error: a name without a namespace.
	// Example: istio-egressgateway.istio-egress
	Service string `json:"service" meshfn:"required,example=istio-egressgateway.istio-egress"`
	// Ports are the ports of the Service.
	//
	// Example: {http: 80, tls: 443}
	Ports *EgressPorts `json:"ports,omitempty"`
}

// EgressPorts are the ports of an egress gateway's Service.
type EgressPorts struct {
	// HTTP is the port for calls that the gateway reads. They come to it over mutual TLS.
	//
	// Default: 80.
	// Error: the same as `tls`.
	HTTP *int32 `json:"http,omitempty" meshfn:"min=1,max=65535,example=80"`
	// TLS is the port for TLS that the application speaks itself, which the gateway passes on.
	//
	// Default: 443.
	TLS *int32 `json:"tls,omitempty" meshfn:"min=1,max=65535,example=443"`
}
