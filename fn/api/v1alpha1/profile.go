package v1alpha1

// MeshProfile is what a platform team writes: facts about the mesh, and the gateways that applications may use. A build
// has at most one.
type MeshProfile struct {
	// APIVersion is meshfn.dev/v1alpha1.
	APIVersion string `json:"apiVersion"`
	// Kind is MeshProfile.
	Kind string `json:"kind"`
	// Metadata names the profile.
	Metadata Metadata `json:"metadata"`
	// Spec holds the rules.
	Spec MeshProfileSpec `json:"spec,omitzero"`
}

// MeshProfileSpec holds the platform's rules.
type MeshProfileSpec struct {
	// Istio holds facts about the installation that the output depends on.
	//
	// Example: {version: "1.31", revision: stable}
	Istio *IstioFacts `json:"istio,omitempty"`
	// Gateways are the ways in that applications may use in `expose`, by name: the pods of an ingress gateway, and what
	// applications may ask of it.
	//
	// Example: {public: {selector: {istio: ingressgateway}, namespace: istio-ingress}}
	Gateways map[string]*Gateway `json:"gateways,omitempty"`
}
