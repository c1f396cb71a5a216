package v1alpha1

// Patch changes one generated object after everything else, by JSON Merge Patch (RFC 7386). The result is checked against
// Istio's own types and validation like any other output, and the patch is reported, so that a reviewer sees it.
type Patch struct {
	// Target names the generated object.
	//
	// Example: {kind: VirtualService, name: web}
	Target PatchTarget `json:"target" meshfn:"required"`
	// Merge holds the fields to change; null removes a field.
	//
	// Error: a field that the Istio kind does not have; metadata other than labels and annotations.
	// Example: {metadata: {labels: {team: shop}}}
	Merge map[string]any `json:"merge" meshfn:"required,min=1"`
}

// PatchTarget names a generated object.
type PatchTarget struct {
	// Kind is the kind of the object.
	Kind string `json:"kind" meshfn:"required,enum=VirtualService|DestinationRule|Gateway|Telemetry"`
	// Name is the name of the object: of the Service, of the workload for a Telemetry, or `<gateway>-<host with dashes>` for
	// what `expose` makes. Where workloads of several kinds share a name, it is `<name>-<kind in lower case>`.
	Name string `json:"name" meshfn:"required,example=web"`
}
