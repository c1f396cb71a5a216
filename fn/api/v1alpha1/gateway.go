package v1alpha1

// Gateway is a way into the mesh: the pods of an ingress gateway, and what applications may ask of it.
type Gateway struct {
	// Selector holds the labels of the gateway's pods.
	//
	// Becomes: `selector` of each Gateway object.
	// Example: {istio: ingressgateway}
	Selector map[string]string `json:"selector" meshfn:"required,min=1,max=16"`
	// Namespace is where the gateway's pods run.
	//
	// Error: what cannot be the name of a namespace.
	Namespace NamespaceName `json:"namespace" meshfn:"required,quoted,example=istio-ingress"`
	// ServiceAccount is the account the gateway's pods run as, which is its identity towards the Services behind it.
	//
	// Default: the name of the gateway.
	ServiceAccount *string `json:"serviceAccount,omitempty" meshfn:"example=public"`
	// Ports are the ports on which the gateway's pods listen.
	//
	// Example: {http: 8080}
	Ports *GatewayPorts `json:"ports,omitempty"`
	// TargetPorts are the ports on which the gateway's pods themselves listen: the `targetPort` of the gateway's Service. A
	// policy at the gateway is for these.
	//
	// Default: unknown, so that what `expose` asks of calls with `auth` holds for every port of the gateway: Istio then
	// refuses everything there that is not HTTP, such as TLS that is passed through, and a finding says so.
	// Example: {http: 8080}
	TargetPorts *GatewayTargetPorts `json:"targetPorts,omitempty"`
	// AllowedDomains are the domains below which applications may claim hosts: `example.com` allows example.com and
	// every name below it.
	//
	// Default: every domain.
	// Error: what is not a domain name.
	// Example: [example.com]
	AllowedDomains []Domain `json:"allowedDomains,omitempty" meshfn:"min=1,max=256,quoted,example=example.com"`
}

// GatewayPorts are the ports on which a gateway's pods listen, as the gateway's Service numbers them.
type GatewayPorts struct {
	// HTTP is the port for plain HTTP.
	//
	// Default: 80.
	HTTP *int32 `json:"http,omitempty" meshfn:"min=1,max=65535,example=80"`
}

// GatewayTargetPorts are the ports on which a gateway's pods listen, as the pods number them.
type GatewayTargetPorts struct {
	// HTTP is the port to which the gateway's Service leads plain HTTP.
	//
	// Default: unknown.
	// Becomes: `ports` in the AuthorizationPolicies of `auth` below `expose`.
	HTTP *int32 `json:"http,omitempty" meshfn:"min=1,max=65535,example=8080"`
}
