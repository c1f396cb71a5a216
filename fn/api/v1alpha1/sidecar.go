package v1alpha1

// SidecarSetting decides whether pods get a proxy.
type SidecarSetting struct {
	// Sidecar puts the pods of this Service or workload into the mesh (`true`) or keeps them out (`false`), whatever the
	// namespace says. It is a label on the pod template, so changing it restarts the pods.
	//
	// Default: no label; the namespace decides, and in a namespace without an injection label there is no sidecar.
	// Becomes: the pod-template label `sidecar.istio.io/inject`; where the profile names a revision, `istio.io/rev`.
	// Error: the template already has a label or annotation that says the opposite; the pod uses hostNetwork; the
	// namespace forbids injection; two Services of one workload disagree. A default is no exception: pods
	// that the platform wants in the mesh are not quietly left out.
	//
	// Source: https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/
	Sidecar *bool `json:"sidecar,omitempty"`
}
