package v1alpha1

// RetriesSetting decides which failed calls are tried again.
type RetriesSetting struct {
	// Retries says how often and when a failed call is repeated. It is always written into every route, because Istio
	// otherwise repeats calls twice on conditions that include answers of a server that has already done the work.
	// `false` or `attempts: 0` turns retries off. Write a mapping, `false`, or the name of a preset of the profile.
	//
	// Default: two retries when the call provably did not reach the application: `connect-failure`, `refused-stream`
	// and, outside gRPC and on ports with a known protocol, `reset-before-request`.
	// Becomes: `retries` of every route of the VirtualService.
	// Error: written for a port that is not HTTP or gRPC. As a default it is skipped there.
	// Example: {attempts: 2, methods: [GET, HEAD]}
	//
	// Source: https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry
	Retries *Retries `json:"retries,omitempty"`
}

// Retries says how often and when a failed call is repeated.
type Retries struct {
	Switch `json:"-" meshfn:"false,preset"`
	// Attempts is how many times a call is repeated after the first try.
	//
	// Default: 2.
	Attempts *int32 `json:"attempts,omitempty" meshfn:"min=0,max=10,example=2"`
	// PerTryTimeout is how long one try may take. It may not be above `timeout`; as a default it is skipped there. Where a
	// try that timed out is not repeated, it ends the whole call, which is a warning.
	//
	// Default: timeout / (attempts + 1) where a try that timed out is repeated, that is where the conditions include
	// `5xx`, `gateway-error` or `reset`; otherwise unset, because it would only shorten `timeout`.
	PerTryTimeout *Duration `json:"perTryTimeout,omitempty" meshfn:"example=1s"`
	// RetryOn are Istio's conditions, separated by commas, or HTTP status codes.
	//
	// Default: `connect-failure,refused-stream` (and `reset-before-request`), which are safe for every call. With
	// `idempotent` or `methods`: also `reset` and `gateway-error`, on gRPC ports `unavailable`.
	// Error: a condition that Istio does not know; one under which a write may be repeated, without `idempotent` or
	// `methods`.
	// Example: connect-failure,refused-stream
	RetryOn *string `json:"retryOn,omitempty" meshfn:"example=connect-failure,refused-stream"`
	// Idempotent states that every call of this Service may safely be executed twice. Only the team that owns the
	// Service can know that.
	//
	// Default: false.
	Idempotent *bool `json:"idempotent,omitempty"`
	// Methods are the read-only HTTP methods for which the wider conditions hold. The route is split in two, so that
	// every other method keeps the safe conditions and no write is executed twice.
	//
	// Error: on a gRPC port, where every call is a POST; together with `idempotent: true`.
	// Example: [GET, HEAD]
	Methods []string `json:"methods,omitempty" meshfn:"min=1,max=4,enum=GET|HEAD|OPTIONS|TRACE"`
}
