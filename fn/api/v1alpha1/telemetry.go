package v1alpha1

// TelemetrySetting decides what sidecars report.
type TelemetrySetting struct {
	// Telemetry says what the sidecars of the pods report of the calls that the pods get and of those that they make: spans,
	// access logs and metrics. Each of the three is as the namespace and the mesh have it until something is written for it
	// here. `false` leaves all three so; to have none of one, write `false` for that one.
	//
	// Default: nothing is written; a Telemetry of the namespace or of the mesh holds.
	// Becomes: a `Telemetry` of the workload's name, for its pods alone.
	// Error: written for pods that get no sidecar, where it is skipped as a default; two Services of one workload disagree;
	// the pods have no label that others do not have; you keep a Telemetry of your own for the same pods.
	// Example: {accessLog: {onlyErrors: true}, tracing: {randomSamplingPercentage: 5}}
	//
	// Source: https://istio.io/latest/docs/reference/config/telemetry/
	Telemetry *Telemetry `json:"telemetry,omitempty"`
}

// Telemetry says what the sidecars of pods report.
type Telemetry struct {
	Switch `json:"-" meshfn:"false,preset"`
	// Tracing decides about the spans of calls: `false` reports none, `true` reports them, as far as nothing more is said of
	// them as the mesh does.
	//
	// Default: what the namespace or the mesh says.
	// Becomes: `tracing` of the Telemetry.
	// Example: {provider: otel, randomSamplingPercentage: 5}
	Tracing *Tracing `json:"tracing,omitempty"`
	// AccessLog decides which calls and connections leave a line in a log: `true` logs all of them, `false` none, whatever
	// a Telemetry above says, and whether or not the MeshConfig has an `accessLogFile`.
	//
	// Default: what the namespace or the mesh says.
	// Becomes: `accessLogging` of the Telemetry.
	// Example: {onlyErrors: true}
	AccessLog *AccessLog `json:"accessLog,omitempty"`
	// Metrics decides about Istio's standard metrics: `false` reports none, `true` those that no layer says more of: all of
	// them.
	//
	// Default: what the namespace or the mesh says.
	// Becomes: `metrics` of the Telemetry.
	// Example: {disabled: [REQUEST_SIZE, RESPONSE_SIZE]}
	Metrics *Metrics `json:"metrics,omitempty"`
}

// Tracing uses Istio's own words. A mapping turns spans on, where a Telemetry above turned them off.
type Tracing struct {
	Switch `json:"-" meshfn:"true,false"`
	// Provider is the name of an extension provider of the MeshConfig that takes the spans. Istio uses one per workload.
	//
	// Default: that of a Telemetry above, or else the default one of the mesh, of which a new installation has none: where
	// the build does not show one, that is said, because without one nothing is traced.
	Provider *string `json:"provider,omitempty" meshfn:"example=otel"`
	// RandomSamplingPercentage is the share of calls that start a trace. A call that comes with a decision keeps it.
	//
	// Default: what is said above, or else 1.
	RandomSamplingPercentage *Percentage `json:"randomSamplingPercentage,omitempty" meshfn:"example=5"`
	// CustomTags are tags of every span, by name. They replace those that the namespace or the mesh has.
	//
	// Example: {team: {literal: shop}, tenant: {header: x-tenant, defaultValue: none}}
	CustomTags map[string]*CustomTag `json:"customTags,omitempty" meshfn:"min=1,max=64"`
	// DisableContextPropagation keeps the headers of a trace, such as traceparent, from calls that go on. Spans are still
	// reported.
	//
	// Default: what is said above, or else false.
	// Error: with an Istio below 1.30, which does not have it.
	DisableContextPropagation *bool `json:"disableContextPropagation,omitempty"`
}

// CustomTag says where the value of a tag comes from. Give exactly one of `literal`, `header`, `environment` and
// `formatter`.
type CustomTag struct {
	// Literal is the value itself.
	Literal *string `json:"literal,omitempty" meshfn:"example=shop"`
	// Header is the request header with the value.
	Header *string `json:"header,omitempty" meshfn:"example=x-tenant"`
	// Environment is the environment variable of the sidecar with the value.
	Environment *string `json:"environment,omitempty" meshfn:"example=POD_NAME"`
	// Formatter is a command of Envoy's access logs that gives the value.
	//
	// Error: with an Istio below 1.29, which does not have it.
	// Example: "%REQUESTED_SERVER_NAME%"
	//
	// Source: https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#command-operators
	Formatter *string `json:"formatter,omitempty"`
	// DefaultValue is the value where the header or the variable is missing.
	//
	// Default: no tag there.
	// Error: together with `literal` or `formatter`.
	DefaultValue *string `json:"defaultValue,omitempty" meshfn:"example=none"`
}

// AccessLog says what is logged and where. Give `filter` or `onlyErrors`, not both.
type AccessLog struct {
	Switch `json:"-" meshfn:"true,false"`
	// Providers are the names of extension providers of the MeshConfig that take the lines. No other provider gets any.
	// They are always written, because Istio ignores the filter of an entry that names none.
	//
	// Default: `[envoy]`, which every mesh has and which writes to the standard output of the sidecar.
	// Example: [envoy]
	Providers []string `json:"providers,omitempty" meshfn:"min=1,max=8"`
	// Filter is an expression in CEL over Envoy's attributes; what it is true for is logged. An attribute that a connection
	// does not have, such as `response.code` outside HTTP, makes it not true.
	//
	// Default: everything is logged.
	// Error: not an expression in CEL.
	// Example: response.code >= 500
	//
	// Source: https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/advanced/attributes
	Filter *string `json:"filter,omitempty" meshfn:"example=response.code >= 500"`
	// OnlyErrors logs what went wrong: answers with a status of 400 or above, gRPC calls with another status than OK, and
	// calls and connections that broke off. `false` logs everything. Of this and `filter`, the later layer speaks.
	//
	// Default: false.
	OnlyErrors *bool `json:"onlyErrors,omitempty"`
}

// Metrics says which metrics there are and which tags they have.
type Metrics struct {
	Switch `json:"-" meshfn:"true,false"`
	// Providers are the names of extension providers of the MeshConfig that take the metrics. No other provider gets any.
	//
	// Default: those of a Telemetry above, or else the default ones of the mesh, which an installation sets to prometheus.
	// Example: [prometheus]
	Providers []string `json:"providers,omitempty" meshfn:"min=1,max=8"`
	// Mode is the side of a call on which the pods still report it: `SERVER` for the calls that they get, `CLIENT` for
	// those that they make. With one side alone there are half as many series.
	//
	// Default: both.
	Mode *string `json:"mode,omitempty" meshfn:"enum=CLIENT|SERVER,example=SERVER"`
	// Disabled are metrics that are not reported.
	//
	// Example: [REQUEST_SIZE, RESPONSE_SIZE]
	//
	// Source: https://istio.io/latest/docs/reference/config/metrics/
	Disabled []string `json:"disabled,omitempty" meshfn:"min=1,max=10,enum=REQUEST_COUNT|REQUEST_DURATION|REQUEST_SIZE|RESPONSE_SIZE|TCP_OPENED_CONNECTIONS|TCP_CLOSED_CONNECTIONS|TCP_SENT_BYTES|TCP_RECEIVED_BYTES|GRPC_REQUEST_MESSAGES|GRPC_RESPONSE_MESSAGES"`
	// TagOverrides change the tags of all metrics, by the tag's name: an expression in CEL over Envoy's attributes is its
	// value, `REMOVE` takes the tag away. A tag whose values have no bound makes a series of each.
	//
	// Error: not an expression in CEL.
	// Example: {request_method: request.method, source_principal: REMOVE}
	//
	// Source: https://istio.io/latest/docs/tasks/observability/metrics/customize-metrics/
	TagOverrides map[string]string `json:"tagOverrides,omitempty" meshfn:"min=1,max=64"`
}
