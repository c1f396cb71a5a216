package v1alpha1

// Presets are named blocks of settings. A Mesh, or the defaults of this profile, writes the name where the mapping would
// stand: `circuitBreaker: batch`. The block is expanded in the layer that names it, so a higher layer can still change
// single fields. A preset called like a built-in one takes its place; `outlierDetection: true` is whatever `medium` is.
type Presets struct {
	// CircuitBreaker holds presets of `circuitBreaker`, beside the built-in ones.
	//
	// Example: {batch: {maxConnections: 20}}
	CircuitBreaker map[string]*CircuitBreaker `json:"circuitBreaker,omitempty" meshfn:"mapping"`
	// OutlierDetection holds presets of `outlierDetection`, beside the built-in ones.
	//
	// Example: {patient: {consecutiveGatewayErrors: 20, interval: 30s}}
	OutlierDetection map[string]*OutlierDetection `json:"outlierDetection,omitempty" meshfn:"mapping"`
	// Retries holds presets of `retries`.
	//
	// Example: {reads: {attempts: 2, methods: [GET, HEAD]}}
	Retries map[string]*Retries `json:"retries,omitempty" meshfn:"mapping"`
	// Proxy holds presets of `proxy`, such as sizes.
	//
	// Example: {small: {cpu: 50m, memory: 64Mi}}
	Proxy map[string]*Proxy `json:"proxy,omitempty" meshfn:"mapping"`
	// Telemetry holds presets of `telemetry`.
	//
	// Example: {sampled: {tracing: {randomSamplingPercentage: 1}}}
	Telemetry map[string]*Telemetry `json:"telemetry,omitempty" meshfn:"mapping"`
	// JWT holds presets of `auth.jwt`.
	//
	// Example: {staff: {issuer: "https://login.example.com"}}
	JWT map[string]*JWT `json:"jwt,omitempty" meshfn:"mapping"`
}
