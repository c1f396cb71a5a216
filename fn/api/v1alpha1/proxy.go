package v1alpha1

// ProxySetting tunes the sidecar.
type ProxySetting struct {
	// Proxy sizes and tunes the sidecar of the pods. Write a mapping, `false` for none of it, or the name of a preset of
	// the profile.
	//
	// Default: what the mesh installation says.
	// Becomes: annotations of the pod template.
	// Error: written for pods that get no sidecar. As a default it is skipped there.
	// Example: {cpu: 50m, memory: 64Mi, drain: 20s}
	Proxy *Proxy `json:"proxy,omitempty"`
}

// Proxy holds the settings of the sidecar container. The four amounts always leave together, because setting one of the
// annotations makes Istio ignore its own defaults for the other three.
type Proxy struct {
	Switch `json:"-" meshfn:"false,preset"`
	// CPU is what the sidecar requests.
	//
	// Default: 100m when another amount is given.
	// Becomes: `sidecar.istio.io/proxyCPU`.
	CPU *Quantity `json:"cpu,omitempty" meshfn:"example=100m"`
	// Memory is what the sidecar requests.
	//
	// Default: 128Mi when another amount is given.
	// Becomes: `sidecar.istio.io/proxyMemory`.
	Memory *Quantity `json:"memory,omitempty" meshfn:"example=128Mi"`
	// CPULimit is the most the sidecar may use. It may not be below `cpu`.
	//
	// Default: 2000m when another amount is given.
	// Becomes: `sidecar.istio.io/proxyCPULimit`.
	CPULimit *Quantity `json:"cpuLimit,omitempty" meshfn:"example=2"`
	// MemoryLimit is the most the sidecar may use. It may not be below `memory`.
	//
	// Default: 1024Mi when another amount is given.
	// Becomes: `sidecar.istio.io/proxyMemoryLimit`.
	MemoryLimit *Quantity `json:"memoryLimit,omitempty" meshfn:"example=1Gi"`
	// Concurrency is the number of worker threads; 0 means one per core of the node, whatever the limit is. Without it
	// Istio takes as many as `cpuLimit` has cores.
	//
	// Default: what the mesh installation says.
	// Becomes: `concurrency` in `proxy.istio.io/config`.
	Concurrency *int32 `json:"concurrency,omitempty" meshfn:"min=0,max=256,example=2"`
	// HoldApplicationUntilProxyStarts starts the application's containers only when the sidecar is ready. Native sidecars
	// do that by themselves.
	//
	// Default: what the mesh installation says.
	// Becomes: `holdApplicationUntilProxyStarts` in `proxy.istio.io/config`.
	HoldApplicationUntilProxyStarts *bool `json:"holdApplicationUntilProxyStarts,omitempty"`
	// Drain is how long the sidecar finishes open requests after the pod is told to stop.
	//
	// Default: 5s, Istio's own.
	// Bounds: below the pod's terminationGracePeriodSeconds.
	// Becomes: `terminationDrainDuration` in `proxy.istio.io/config`.
	Drain *Duration `json:"drain,omitempty" meshfn:"example=20s"`
	// ExcludeOutboundPorts are ports of other systems to which calls bypass the sidecar, and with it mutual TLS and every
	// traffic setting.
	//
	// Becomes: `traffic.sidecar.istio.io/excludeOutboundPorts`.
	// Example: [3306]
	ExcludeOutboundPorts []int32 `json:"excludeOutboundPorts,omitempty" meshfn:"min=1,max=64,itemMin=1,itemMax=65535"`
	// ExcludeInboundPorts are ports of the pod that are reached without the sidecar, and so without mutual TLS and
	// policies.
	//
	// Becomes: `traffic.sidecar.istio.io/excludeInboundPorts`.
	// Example: [9090]
	ExcludeInboundPorts []int32 `json:"excludeInboundPorts,omitempty" meshfn:"min=1,max=64,itemMin=1,itemMax=65535"`
	// LogLevel is how much the sidecar logs.
	//
	// Default: what the mesh installation says, usually warning.
	// Becomes: `sidecar.istio.io/logLevel`.
	// Example: debug
	LogLevel *string `json:"logLevel,omitempty" meshfn:"enum=trace|debug|info|warning|error|critical|off"`
}
