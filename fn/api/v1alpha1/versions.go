package v1alpha1

// ServiceVersion is one group of a Service's pods. The weights of all versions add up to 100.
type ServiceVersion struct {
	// Labels select the pods of this version among those of the Service. A version whose labels no pod template carries
	// is an error: calls to it would fail.
	//
	// Default: `version: <name of this version>`.
	// Becomes: a subset of the DestinationRule.
	// Example: {version: v1}
	Labels map[string]string `json:"labels,omitempty" meshfn:"min=1,max=16"`
	// Weight is the percentage of calls this version gets.
	//
	// Default: 100 for an only version; else what is missing is an error.
	// Becomes: `weight` of the destinations of every route.
	Weight *int32 `json:"weight,omitempty" meshfn:"min=0,max=100,example=90"`
	// Retiring keeps the version known to proxies while it no longer gets calls. Remove a version only after a release in
	// which it was retiring, so that no proxy still sends calls to a version that is gone.
	//
	// Source: https://istio.io/latest/docs/ops/best-practices/traffic-management/#avoid-503-errors-while-reconfiguring-service-routes
	Retiring *bool `json:"retiring,omitempty"`
}
