package v1alpha1

// MeshCatalog is what a build has to know of others: the Services and workloads that live in other repositories.
// `meshfn catalog` writes it from one or many builds, and a build has it among its resources, so that references between
// repositories are checked without a cluster. What a build has itself counts more than what a catalogue says of it.
type MeshCatalog struct {
	// APIVersion is meshfn.dev/v1alpha1.
	APIVersion string `json:"apiVersion"`
	// Kind is MeshCatalog.
	Kind string `json:"kind"`
	// Metadata names the catalogue.
	Metadata Metadata `json:"metadata"`
	// Spec holds what was found.
	Spec MeshCatalogSpec `json:"spec,omitzero"`
}

// MeshCatalogSpec is what one or many builds have.
type MeshCatalogSpec struct {
	// Complete states that everything in the cluster that calls anything is in the catalogues of a build and says what it calls,
	// so that who calls a Service is known without `callersComplete`, where every catalogue of the build says it.
	// `meshfn catalog --complete` writes it.
	//
	// Default: false.
	Complete *bool `json:"complete,omitempty"`
	// Services are the Services, as `name.namespace`.
	//
	// Error: another form of name; two catalogues of a build that say different things of one Service.
	// Example: {stock.warehouse: {ports: {grpc: {number: 9090, protocol: grpc}}, accounts: [warehouse/stock]}}
	Services map[string]*CatalogService `json:"services,omitempty"`
	// Workloads are the workloads that no Service selects, as `Kind/name.namespace`.
	//
	// Error: as for `services`.
	// Example: {CronJob/nightly.warehouse: {accounts: [warehouse/nightly], sidecar: true}}
	Workloads map[string]*CatalogWorkload `json:"workloads,omitempty"`
}

// CatalogWorkload is what others have to know of pods.
type CatalogWorkload struct {
	// Mesh is the Mesh that covers it, as `namespace/name`.
	//
	// Default: none; it is in no Mesh.
	Mesh *string `json:"mesh,omitempty" meshfn:"example=warehouse/warehouse"`
	// Stage is how far it has come on its way into the mesh.
	Stage *Stage `json:"stage,omitempty" meshfn:"example=strict"`
	// Sidecar is whether its pods get a sidecar; false where some of them certainly get none.
	//
	// Default: unknown.
	Sidecar *bool `json:"sidecar,omitempty"`
	// MTLS is what its pods accept: mutual TLS only, plain text too, or nothing but plain text.
	//
	// Default: what the mesh has.
	MTLS *string `json:"mtls,omitempty" meshfn:"enum=STRICT|PERMISSIVE|DISABLE"`
	// Accounts are the service accounts of its pods, as `namespace/name`, which are its identities.
	//
	// Error: anything else than `namespace/name`.
	// Example: [warehouse/stock]
	Accounts []string `json:"accounts,omitempty" meshfn:"example=warehouse/stock"`
	// DependsOn is what its pods call, as in a Mesh and with every namespace said; absent where nobody says it. An external host
	// is one of the Mesh.
	//
	// Error: a Service without its namespace.
	// Example: [orders.shop]
	DependsOn []Dependency `json:"dependsOn,omitzero" meshfn:"quoted,example=orders.shop"`
}

// CatalogService is what others have to know of a Service.
type CatalogService struct {
	CatalogWorkload `json:",inline"`
	// Ports are the ports, by name, or by number where they have none.
	//
	// Example: {grpc: {number: 9090, protocol: grpc}}
	Ports map[string]*CatalogPort `json:"ports,omitempty"`
	// Callers are those who may call, each as a service account, a namespace, a gateway or plain text; absent where everybody
	// may.
	//
	// Error: a caller by the name of a Service or workload, which says no identity.
	// Example: [{serviceAccount: shop/checkout}]
	Callers []Caller `json:"callers,omitzero" meshfn:"quoted"`
	// CallersComplete is whether all callers are known.
	CallersComplete *bool `json:"callersComplete,omitempty"`
	// Expose are the hosts under which gateways expose it, by gateway.
	//
	// Example: {public: [stock.example.com]}
	Expose map[string][]string `json:"expose,omitempty"`
}

// CatalogPort is a port of a Service.
type CatalogPort struct {
	// Number is the port's number.
	Number int32 `json:"number" meshfn:"required,min=1,max=65535,example=9090"`
	// Protocol is what Istio takes the port for.
	Protocol string `json:"protocol,omitempty" meshfn:"enum=http|grpc|tls|tcp|udp|sniffed,example=grpc"`
}
