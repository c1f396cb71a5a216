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
	Spec MeshSpec `json:"spec,omitempty"`
}

// MeshSpec holds the settings of one application.
type MeshSpec struct {
	// Defaults apply to every Service and workload that this Mesh covers. A default that cannot apply somewhere, such as
	// a timeout on a TCP port, is skipped there and `meshfn explain` says so.
	Defaults *Defaults `json:"defaults,omitempty"`
	// Services holds settings per Service, by the name of the Service. A name that the build does not have is an error.
	Services map[string]*Service `json:"services,omitempty"`
	// Workloads holds settings of workloads without a Service, by Kind/name: `CronJob/nightly`, `Deployment/worker`.
	Workloads map[string]*Workload `json:"workloads,omitempty"`
	// Patches change generated objects last, for what the compact spec has no word for. Each one is reported.
	Patches []Patch `json:"patches,omitempty"`
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
	Ports map[string]*Port `json:"ports,omitempty"`
	// Versions splits the Service's traffic between groups of its pods.
	Versions map[string]*ServiceVersion `json:"versions,omitempty"`
	// Expose makes the Service reachable from outside through gateways of the profile, by the gateway's name.
	Expose map[string]*Expose `json:"expose,omitempty"`
	// Manage keeps objects of a kind in your own hands for this Service.
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

// WorkloadSettings are about the pods themselves: they become labels and annotations of pod templates.
type WorkloadSettings struct {
	SidecarSetting `json:",inline"`
	ProxySetting   `json:",inline"`
}

// TrafficSettings are about calls to a Service. They act in the proxies of the callers: a caller without a sidecar is
// not affected.
type TrafficSettings struct {
	TimeoutSetting          `json:",inline"`
	RetriesSetting          `json:",inline"`
	CircuitBreakerSetting   `json:",inline"`
	OutlierDetectionSetting `json:",inline"`
	LoadBalancerSetting     `json:",inline"`
}
