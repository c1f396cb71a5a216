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
	// Owner says whom to ask about the rules of this profile. Every error that one of them causes names it.
	//
	// Default: the name of the profile.
	Owner *string `json:"owner,omitempty" meshfn:"example=platform team (#mesh)"`
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
	// Error: a Mesh whose namespace the build does not say.
	// Example: {payments: {defaults: {timeout: 3s}}}
	Namespaces map[string]*NamespaceRules `json:"namespaces,omitempty"`
	// Presets give names to blocks of settings, which applications may then write in place of a mapping.
	//
	// Example: {circuitBreaker: {batch: {maxConnections: 20}}}
	Presets *Presets `json:"presets,omitempty"`
	// Limits bound what applications may write, by the field path of a setting as in this reference. They hold for the
	// value that the merged layers give, for what is derived from it, and for the objects after `patches`, which cannot
	// evade them. An object that an application keeps in its own hands with `manage` is not looked at, so lock `manage` where
	// that may not be.
	//
	// Error: a path that is no setting; a bound that is no value of it; a value of the profile's own that breaks it.
	// Example: {timeout: {max: 30s, required: true}}
	Limits map[string]*Limit `json:"limits,omitempty"`
	// Locked are fields that only the profile sets, by their field path, with the reason. A Mesh may then write neither the
	// field nor anything below it, whatever the value, nor clear it with `false`, a preset or a patch. Besides settings that
	// can be every other field of a Service's entry (`expose`, `expose.public`, `versions`, `manage`, `ports`) and `patches`.
	//
	// Error: a path that is no field of a Mesh.
	// Example: {proxy.logLevel: debug floods the log store}
	Locked map[string]string `json:"locked,omitempty"`
	// Patches says whether applications may patch generated objects.
	//
	// Default: true.
	// Error: with `false`, each patch of a Mesh.
	Patches *bool `json:"patches,omitempty"`
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
	// Scope says how much of the mesh a sidecar knows.
	//
	// Example: {always: [otel-collector.observability], outboundTrafficPolicy: REGISTRY_ONLY}
	Scope *Scope `json:"scope,omitempty"`
	// Access says who may call everything.
	//
	// Example: {always: [{serviceAccount: monitoring/prometheus, ports: [metrics]}]}
	Access *Access `json:"access,omitempty"`
	// Egress says how calls leave the mesh.
	//
	// Example: {gateway: {selector: {istio: egressgateway}, service: istio-egressgateway.istio-egress}}
	Egress       *Egress `json:"egress,omitempty"`
	Substitution `json:",inline"`
}

// NamespaceRules are the platform's rules for one namespace.
type NamespaceRules struct {
	// Defaults apply to every Service and workload of the namespace. They override the defaults of the profile field by
	// field, and a Mesh overrides them.
	//
	// Example: {timeout: 3s}
	Defaults *Defaults `json:"defaults,omitempty"`
	// Limits take the place of the profile's limits for the same paths; the others hold here too.
	//
	// Example: {timeout: {max: 5s}}
	Limits map[string]*Limit `json:"limits,omitempty"`
	// Locked adds to the locked fields of the profile, or gives one of them another reason.
	//
	// Example: {timeout: the regulator audits it}
	Locked map[string]string `json:"locked,omitempty"`
	// Patches says whether applications may patch generated objects in this namespace.
	//
	// Default: what the profile says.
	Patches *bool `json:"patches,omitempty"`
}
