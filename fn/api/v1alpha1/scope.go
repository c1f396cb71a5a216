package v1alpha1

// Scope says how much of the mesh a sidecar knows, which is what a control plane and its proxies spend most on. What a
// workload needs comes from its `dependsOn`.
type Scope struct {
	// Sidecars is `workload` for a Sidecar per workload with `dependsOn`; `namespace` for one per namespace, with what all of
	// its workloads need together, once all of them that have a sidecar have `dependsOn`; `none` for none. Until then a
	// namespace has one per workload, and a note says who is missing.
	//
	// Default: workload.
	// Becomes: Sidecars, from the stage `observe` on: one of the name of the workload with its `workloadSelector`, or one
	// called `default`. Pods without a sidecar, and gateways, have none.
	// Error: pods that the labels of a workload with `dependsOn` select too, and that have none.
	//
	// Source: https://istio.io/latest/docs/ops/best-practices/traffic-management/#cross-namespace-configuration
	Sidecars *string `json:"sidecars,omitempty" meshfn:"enum=workload|namespace|none"`
	// Always lists what every sidecar knows besides, as in `dependsOn`, each with its namespace: collectors of telemetry,
	// external authorizers, and what every pod calls, such as the API server of Kubernetes.
	//
	// Becomes: further hosts of every Sidecar.
	// Error: a name without a namespace.
	// Example: [otel-collector.observability, kubernetes.default]
	Always []Dependency `json:"always,omitempty" meshfn:"quoted,min=1,max=64,example=otel-collector.observability"`
	// OutboundTrafficPolicy is what happens to calls to hosts that a scoped sidecar does not know: `REGISTRY_ONLY` refuses
	// them, `ALLOW_ANY` passes them through as they are. It is no firewall: pods can go around their sidecar.
	//
	// Default: what the mesh has.
	// Becomes: `outboundTrafficPolicy` of each Sidecar.
	OutboundTrafficPolicy *string `json:"outboundTrafficPolicy,omitempty" meshfn:"enum=REGISTRY_ONLY|ALLOW_ANY"`
	// ExportTo is `callers` where only those who call a Service see how it is called, and `default` where the mesh decides.
	// All callers of a Service are known where it has `callers` and nothing says `callersComplete: false`; whoever says in
	// this build or in a MeshCatalog with `dependsOn` that it calls is added to them.
	//
	// Default: default.
	// Becomes: `exportTo` of the VirtualService and the DestinationRule of a Service with known callers: its own namespace,
	// and those of its callers and gateways. Who sees the Service itself is left to its annotation
	// `networking.istio.io/exportTo`.
	//
	// Source: https://istio.io/latest/docs/ops/configuration/mesh/configuration-scoping/
	ExportTo *string `json:"exportTo,omitempty" meshfn:"enum=callers|default"`
}

// Access says who may call everything.
type Access struct {
	// Always lists callers that every Service with `callers` has besides its own, such as the Prometheus that reads metrics.
	// Its `ports` are matched where a Service has them, and for container ports of that name.
	//
	// Becomes: rules of every AuthorizationPolicy.
	// Error: a Service, workload or account without a namespace.
	// Example: [{serviceAccount: monitoring/prometheus, ports: [metrics]}]
	Always []Caller `json:"always,omitempty" meshfn:"quoted,min=1,max=32"`
}
