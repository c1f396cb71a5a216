package v1alpha1

// TimeoutSetting limits how long a call may take.
type TimeoutSetting struct {
	// Timeout is how long a caller waits for the whole answer, with all retries.
	//
	// Default: none; a call may take as long as it wants.
	// Bounds: 1ms or more; `0s` means no timeout.
	// Becomes: `timeout` of every route of the VirtualService, in the callers' proxies.
	// Error: written for a port that is not HTTP or gRPC. As a default it is skipped there.
	//
	// Source: https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute
	Timeout *Duration `json:"timeout,omitempty" meshfn:"unlimited,example=5s"`
}
