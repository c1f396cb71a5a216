package v1alpha1

// Mesh is what an application team writes: which of its Services and workloads are in the mesh, and how their traffic
// behaves. `spec: {}` is valid: every Service gets the defaults.
//
// A Mesh covers the Services and workloads it lists; the only Mesh of a namespace also covers the others there.
type Mesh struct {
	// APIVersion is meshfn.dev/v1alpha1.
	APIVersion string `json:"apiVersion"`
	// Kind is Mesh.
	Kind string `json:"kind"`
	// Metadata names the Mesh and, if wanted, its namespace.
	Metadata Metadata `json:"metadata"`
	// Spec holds the settings.
	Spec MeshSpec `json:"spec,omitzero"`
}

// MeshSpec holds the settings of one application.
type MeshSpec struct {
	// Defaults apply to every Service and workload that this Mesh covers. A default that cannot apply somewhere, such as
	// a timeout on a TCP port, is skipped there and `meshfn explain` says so.
	//
	// Example: {sidecar: true, timeout: 10s}
	Defaults *Defaults `json:"defaults,omitempty"`
	// Services holds settings per Service, by the name of the Service.
	//
	// Error: a name that the build does not have; a Service that two Meshes list.
	// Example: {web: {timeout: 5s}, redis: {circuitBreaker: {maxConnections: 200}}}
	Services map[string]*Service `json:"services,omitempty"`
	// Workloads holds settings of workloads without a Service, by Kind/name: `CronJob/nightly`, `Deployment/worker`. The
	// pods behind a Service get their settings in the entry of the Service.
	//
	// Error: a workload that the build does not have, or that a Service selects.
	// Example: {CronJob/nightly: {sidecar: true}}
	Workloads map[string]*Workload `json:"workloads,omitempty"`
	// External holds hosts outside the mesh, by a name of your choice, which `dependsOn` uses.
	//
	// Example: {stripe: {url: "https://api.stripe.com", tls: originate, timeout: 4s}}
	External map[string]*External `json:"external,omitempty"`
	// Stage is how far this Mesh has come on its way into the mesh, where no profile says so: `off`, `observe`,
	// `resilience`, `strict` or `authorize`. See `rollout` of a MeshProfile.
	//
	// Default: resilience.
	// Error: written where the profile has a `rollout`, which decides.
	Stage *Stage `json:"stage,omitempty" meshfn:"example=observe"`
	// Patches change generated objects last, for what the compact spec has no word for, by JSON Merge Patch (RFC 7386).
	//
	// Example: [{target: {kind: VirtualService, name: web}, merge: {metadata: {labels: {team: shop}}}}]
	Patches      []Patch `json:"patches,omitempty"`
	Substitution `json:",inline"`
}

// Defaults are settings for everything a Mesh covers.
type Defaults struct {
	WorkloadSettings `json:",inline"`
	TrafficSettings  `json:",inline"`
}

// Service holds the settings of one Kubernetes Service.
type Service struct {
	WorkloadSettings `json:",inline"`
	TrafficSettings  `json:",inline"`
	// Ports overrides traffic settings for one port of the Service, by the port's name (or its number, where it has no
	// name).
	//
	// Error: a port that the Service does not have.
	// Example: {grpc: {timeout: 2s, retries: {attempts: 1}}}
	Ports map[string]*Port `json:"ports,omitempty"`
	// Versions splits the Service's traffic between groups of its pods, by a name of your choice.
	//
	// Example: {v1: {weight: 90}, v2: {weight: 10}}
	Versions map[string]*ServiceVersion `json:"versions,omitempty"`
	// Expose makes the Service reachable from outside through gateways of the profile, by the gateway's name.
	//
	// Error: a gateway that the profile does not have.
	// Example: {public: {hosts: [shop.example.com], paths: [/api]}}
	Expose map[string]*Expose `json:"expose,omitempty"`
	// Manage keeps objects of a kind in your own hands for this Service.
	//
	// Example: {VirtualService: false}
	Manage *Manage `json:"manage,omitempty"`
}

// Port holds the settings of one port of a Service.
type Port struct {
	TrafficSettings `json:",inline"`
}

// Workload holds the settings of a workload that no Service selects.
type Workload struct {
	WorkloadSettings `json:",inline"`
}

// WorkloadSettings are about the pods themselves: they become labels and annotations of pod templates, and objects for the
// proxies of these pods.
type WorkloadSettings struct {
	SidecarSetting   `json:",inline"`
	ProxySetting     `json:",inline"`
	DependsOnSetting `json:",inline"`
	CallersSetting   `json:",inline"`
	AuthSetting      `json:",inline"`
	TelemetrySetting `json:",inline"`
}

// TrafficSettings are about calls to a Service. They act in the proxies of the callers: a caller without a sidecar is
// not affected. Gateways are callers too.
type TrafficSettings struct {
	TimeoutSetting          `json:",inline"`
	RetriesSetting          `json:",inline"`
	CircuitBreakerSetting   `json:",inline"`
	OutlierDetectionSetting `json:",inline"`
	LoadBalancerSetting     `json:",inline"`
}
