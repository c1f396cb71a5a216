package v1alpha1

// Scope says how much of the mesh a sidecar knows, which is what a control plane and its proxies spend most on. What a
// workload needs comes from its `dependsOn`.
type Scope struct {
	// Sidecars is `workload` for a Sidecar per workload with `dependsOn`; `namespace` for one per namespace, with what all of
	// its workloads need together, once all of them have `dependsOn`; `none` for none.
	//
	// Default: workload.
	// Becomes: Sidecars, from the stage `observe` on.
	//
	// Source: https://istio.io/latest/docs/ops/best-practices/traffic-management/#cross-namespace-configuration
	Sidecars *string `json:"sidecars,omitempty" meshfn:"enum=workload|namespace|none"`
	// Always lists what every sidecar knows besides, as in `dependsOn`, each with its namespace: collectors of telemetry, for
	// example.
	//
	// Becomes: further hosts of every Sidecar.
	// Error: a name without a namespace.
	// Example: [otel-collector.observability]
	Always []Dependency `json:"always,omitempty" meshfn:"min=1,max=64,example=otel-collector.observability"`
	// OutboundTrafficPolicy is what happens to calls to hosts that a scoped sidecar does not know: `REGISTRY_ONLY` refuses
	// them, `ALLOW_ANY` passes them through as they are. It is no firewall: pods can go around their sidecar.
	//
	// Default: what the mesh has.
	// Becomes: `outboundTrafficPolicy` of each Sidecar.
	OutboundTrafficPolicy *string `json:"outboundTrafficPolicy,omitempty" meshfn:"enum=REGISTRY_ONLY|ALLOW_ANY"`
	// ExportTo is `callers` where the routes and policies of a Service are to be seen only by the namespaces that call it, as
	// far as all callers are known, and `default` where the mesh decides.
	//
	// Default: default.
	// Becomes: `exportTo` of VirtualServices and DestinationRules, and for Services with known callers the annotation
	// `networking.istio.io/exportTo` is left to their authors.
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
	Always []Caller `json:"always,omitempty" meshfn:"min=1,max=32"`
}
