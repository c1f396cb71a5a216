package v1alpha1

// MeshProfile is what a platform team writes: facts about the mesh, the gateways that applications may use, and the values
// and rules that hold for all of them. A build has at most one.
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
	// Defaults apply to every Service and workload that a Mesh covers, below what the Mesh itself says. A default that
	// cannot apply somewhere is skipped there and `meshfn explain` says so.
	//
	// Example: {timeout: 10s, outlierDetection: true}
	Defaults *Defaults `json:"defaults,omitempty"`
	// Namespaces holds what is different in single namespaces, by their names.
	//
	// Example: {payments: {defaults: {timeout: 3s}}}
	Namespaces map[string]*NamespaceRules `json:"namespaces,omitempty"`
	// Presets give names to blocks of settings, which applications may then write in place of a mapping.
	//
	// Example: {circuitBreaker: {batch: {maxConnections: 20}}}
	Presets *Presets `json:"presets,omitempty"`
	// Rollout says how far each namespace has come on its way into the mesh.
	//
	// Default: none; then the `stage` of each Mesh counts.
	// Example: {stage: off, namespaces: {shop: resilience}}
	Rollout *Rollout `json:"rollout,omitempty"`
	// Gateways are the ways in that applications may use in `expose`, by name: the pods of an ingress gateway, and what
	// applications may ask of it.
	//
	// Example: {public: {selector: {istio: ingressgateway}, namespace: istio-ingress}}
	Gateways map[string]*Gateway `json:"gateways,omitempty"`
}

// NamespaceRules are the platform's rules for one namespace.
type NamespaceRules struct {
	// Defaults apply to every Service and workload of the namespace. They override the defaults of the profile field by
	// field, and a Mesh overrides them.
	//
	// Example: {timeout: 3s}
	Defaults *Defaults `json:"defaults,omitempty"`
}
