package v1alpha1

// CircuitBreakerSetting limits how much one caller may ask of a Service.
type CircuitBreakerSetting struct {
	// CircuitBreaker limits connections and requests to the Service, so that an overloaded Service fails fast instead of
	// queueing. The limits hold per calling proxy, not for all callers together. Write a preset (`low`, `medium`,
	// `high`, or one of the profile), a mapping, or `false`.
	//
	// Default: off; Istio sets no limits.
	// Becomes: `trafficPolicy.connectionPool` of the DestinationRule.
	// Example: {maxConnections: 200, idleTimeout: 55s}
	//
	// Source: https://istio.io/latest/docs/reference/config/networking/destination-rule/#ConnectionPoolSettings
	CircuitBreaker *CircuitBreaker `json:"circuitBreaker,omitempty"`
}

// CircuitBreaker limits connections and requests. A number that is not given is no limit. On a TCP port, a preset is its
// `maxConnections` alone.
//
// Preset low: {maxConnections: 50, http1MaxPendingRequests: 50, http2MaxRequests: 200, maxRetries: 10}
// Preset medium: {maxConnections: 200, http1MaxPendingRequests: 200, http2MaxRequests: 800, maxRetries: 40}
// Preset high: {maxConnections: 1000, http1MaxPendingRequests: 1000, http2MaxRequests: 4000, maxRetries: 200}
type CircuitBreaker struct {
	Switch `json:"-" meshfn:"false,preset"`
	// MaxConnections is the most connections one proxy opens to the Service.
	//
	// Becomes: `tcp.maxConnections`.
	MaxConnections *int32 `json:"maxConnections,omitempty" meshfn:"min=1,max=1000000,example=200"`
	// HTTP1MaxPendingRequests is the most requests one proxy keeps waiting for a connection.
	//
	// Becomes: `http.http1MaxPendingRequests`.
	// Error: written for a port that is not HTTP or gRPC.
	HTTP1MaxPendingRequests *int32 `json:"http1MaxPendingRequests,omitempty" meshfn:"min=1,max=1000000,example=200"`
	// HTTP2MaxRequests is the most requests one proxy has open at a time. In spite of its name it counts HTTP/1 too.
	//
	// Becomes: `http.http2MaxRequests`.
	// Error: written for a port that is not HTTP or gRPC.
	HTTP2MaxRequests *int32 `json:"http2MaxRequests,omitempty" meshfn:"min=1,max=1000000,example=800"`
	// MaxRequestsPerConnection closes a connection after so many requests; 1 turns keep-alive off.
	//
	// Becomes: `http.maxRequestsPerConnection`.
	// Error: written for a port that is not HTTP or gRPC.
	MaxRequestsPerConnection *int32 `json:"maxRequestsPerConnection,omitempty" meshfn:"min=1,max=1000000,example=1000"`
	// MaxRetries is the most retries one proxy has open at a time, the brake on retry storms.
	//
	// Becomes: `http.maxRetries`.
	// Error: written for a port that is not HTTP or gRPC.
	MaxRetries *int32 `json:"maxRetries,omitempty" meshfn:"min=1,max=1000000,example=40"`
	// ConnectTimeout is how long opening a connection may take.
	//
	// Default: 10s, Istio's own.
	// Becomes: `tcp.connectTimeout`.
	ConnectTimeout *Duration `json:"connectTimeout,omitempty" meshfn:"example=1s"`
	// IdleTimeout closes a connection without requests. Keep it below the server's own keep-alive time, or calls fail now
	// and then on a connection that the server is just closing. On a port that is not HTTP it closes a connection on which
	// nothing is sent.
	//
	// Default: 1h, Istio's own.
	// Becomes: `http.idleTimeout`, on a TCP port `tcp.idleTimeout`, on one that does not say its protocol both.
	// Error: different on ports of one Service that are not HTTP, because Istio knows one for all of them.
	IdleTimeout *Duration `json:"idleTimeout,omitempty" meshfn:"example=55s"`
}
