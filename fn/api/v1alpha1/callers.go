package v1alpha1

// CallersSetting says who calls.
type CallersSetting struct {
	// CallersComplete states that all callers of these pods are known and have a sidecar, or come through a gateway of the
	// profile. Only the team that owns the Service can know that. Mutual TLS becomes mandatory only with this statement,
	// because a caller without a sidecar fails from then on.
	//
	// Default: false.
	// Bounds: needed for the stages `strict` and `authorize`; pods that no Service selects are called by nobody and do
	// without.
	// Becomes: nothing by itself; at these stages a PeerAuthentication that says STRICT.
	// Error: at these stages, a Service without it, and one with it that the build itself opens to callers without a
	// sidecar, such as an Ingress; true in the `defaults` of a profile, which speak of every namespace at once.
	//
	// Source: https://istio.io/latest/docs/concepts/security/#permissive-mode
	CallersComplete *bool `json:"callersComplete,omitempty"`
}
