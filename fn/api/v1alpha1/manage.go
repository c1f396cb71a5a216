package v1alpha1

// Manage says which kinds of objects are generated for a Service. Set a kind to `false` to keep your own object of that
// kind for the Service's host or pods; without that, an object of yours for the same host or pods is an error, because Istio
// would use one of the two and drop the other.
type Manage struct {
	// VirtualService is false where you keep your own VirtualService for the Service inside the mesh.
	//
	// Default: true.
	// Error: together with a setting that needs the VirtualService (`timeout`, `retries`, weights of `versions`).
	VirtualService *bool `json:"VirtualService,omitempty"`
	// DestinationRule is false where you keep your own DestinationRule for the Service.
	//
	// Default: true.
	// Error: together with a setting that needs the DestinationRule (`circuitBreaker`, `outlierDetection`,
	// `loadBalancer`, `versions`).
	DestinationRule *bool `json:"DestinationRule,omitempty"`
	// PeerAuthentication is false where you keep your own PeerAuthentications for the pods behind the Service.
	//
	// Default: true.
	// Error: from the stage `strict` on, a PeerAuthentication that accepts plain text, or none in the build.
	PeerAuthentication *bool `json:"PeerAuthentication,omitempty"`
	// AuthorizationPolicy is false where you keep your own AuthorizationPolicies for the pods behind the Service. Without it,
	// one of yours beside the generated one is reported where it lets more callers in, because each of them alone is enough.
	//
	// Default: true.
	// Error: together with `callers`.
	AuthorizationPolicy *bool `json:"AuthorizationPolicy,omitempty"`
	// Telemetry is false where you keep your own Telemetry for the pods of the Service.
	//
	// Default: true.
	// Error: together with `telemetry`.
	Telemetry *bool `json:"Telemetry,omitempty"`
	// Sidecar is false where you keep your own Sidecar for the pods of the Service.
	//
	// Default: true.
	Sidecar *bool `json:"Sidecar,omitempty"`
}
