package v1alpha1

// MeshConfig holds facts of Istio's MeshConfig in its own words. Only what changes the output or a check is here. What is
// written about locality says `enabled` itself, so `localityLbSetting` is no such fact; `enablePrometheusMerge` and
// `defaultConfig` act in the injector, and how telemetry is sent is known only to its provider.
type MeshConfig struct {
	// EnableAutoMtls is whether callers use mutual TLS by themselves towards pods that have a proxy. DestinationRules that
	// are generated never say `tls`, because with it nothing has to.
	//
	// Default: unknown; Istio's own is true.
	// Error: `false` where pods of the build accept only mutual TLS and no DestinationRule makes callers use it.
	EnableAutoMtls *bool `json:"enableAutoMtls,omitempty"`
	// TrustDomainAliases are further trust domains that count as the mesh's own.
	//
	// Default: none, where `trustDomain` is said.
	// Example: [old.example.com]
	TrustDomainAliases []DNSName `json:"trustDomainAliases,omitempty" meshfn:"min=1,max=64,quoted,example=old.example.com"`
	// DefaultServiceExportTo are the namespaces that see a Service or ServiceEntry which does not say it.
	//
	// Default: unknown; Istio's own is ["*"].
	// Example: ["."]
	DefaultServiceExportTo []string `json:"defaultServiceExportTo,omitempty" meshfn:"min=1,max=64,example=\".\""`
	// DefaultVirtualServiceExportTo are the namespaces that see a VirtualService which does not say it.
	//
	// Default: unknown; Istio's own is ["*"].
	// Becomes: where it is not `["*"]`, `exportTo` of generated VirtualServices, so that everybody who sees the Service has
	// its routes, and the pods of a gateway those of its hosts.
	// Example: ["."]
	DefaultVirtualServiceExportTo []string `json:"defaultVirtualServiceExportTo,omitempty" meshfn:"min=1,max=64,example=\".\""`
	// DefaultDestinationRuleExportTo are the namespaces that see a DestinationRule which does not say it.
	//
	// Default: unknown; Istio's own is ["*"].
	// Becomes: where it is not `["*"]`, `exportTo` of generated DestinationRules, so that everybody who sees the Service, and
	// each gateway that exposes it, has its settings.
	// Example: ["."]
	DefaultDestinationRuleExportTo []string `json:"defaultDestinationRuleExportTo,omitempty" meshfn:"min=1,max=64,example=\".\""`
	// DefaultTrafficPolicy is what holds for calls where no DestinationRule says otherwise. A DestinationRule replaces each
	// block as a whole, so a generated one repeats what the settings of the Service leave open.
	//
	// Example: {connectionPool: {tcp: {maxConnections: 500}}}
	// Error: with a version below 1.31.
	DefaultTrafficPolicy *MeshTrafficPolicy `json:"defaultTrafficPolicy,omitempty"`
	// ExtensionProviders are the names of all providers of telemetry and authorization, besides envoy, prometheus and
	// stackdriver, which every mesh has.
	//
	// Default: unknown, so that providers are not checked.
	// Example: [oauth2-proxy, otel]
	ExtensionProviders []string `json:"extensionProviders,omitempty" meshfn:"min=1,max=256,example=otel"`
	// DefaultProviders are the providers of telemetry that names none.
	//
	// Example: {accessLogging: [envoy]}
	DefaultProviders *MeshProviders `json:"defaultProviders,omitempty"`
	// DiscoverySelectors select, by the labels of Namespaces, what Istio sees at all. A Namespace has to fit one selector.
	//
	// Default: unknown; Istio's own is every namespace.
	// Example: [{matchLabels: {mesh: enabled}}]
	// Error: a Mesh for a Namespace of the build that fits none.
	DiscoverySelectors []LabelSelector `json:"discoverySelectors,omitempty" meshfn:"min=1,max=64"`
}

// MeshTrafficPolicy is Istio's DefaultTrafficPolicy.
type MeshTrafficPolicy struct {
	// ConnectionPool holds limits in Istio's own words. Where `circuitBreaker` of a Service is a mapping or a preset, what it
	// does not say is taken from here, and `circuitBreaker: false` turns this off too.
	//
	// Becomes: `trafficPolicy.connectionPool` of the DestinationRule of a Service with `circuitBreaker`.
	// Example: {tcp: {maxConnections: 500}}
	// Error: a field that Istio's type does not have.
	//
	// Source: https://istio.io/latest/docs/reference/config/networking/destination-rule/#ConnectionPoolSettings
	ConnectionPool map[string]any `json:"connectionPool,omitempty" meshfn:"min=1"`
	// OutlierDetection is in Istio's own words. Where `outlierDetection` of a Service is a mapping, what it does not say is
	// taken from here, and `outlierDetection: false` turns this off too. For a Service with one replica it is turned off
	// where `outlierDetection` is asked for.
	//
	// Becomes: `trafficPolicy.outlierDetection` of the DestinationRule of a Service with `outlierDetection`.
	// Example: {consecutiveGatewayErrors: 10}
	// Error: a field that Istio's type does not have.
	//
	// Source: https://istio.io/latest/docs/reference/config/networking/destination-rule/#OutlierDetection
	OutlierDetection map[string]any `json:"outlierDetection,omitempty" meshfn:"min=1"`
}

// MeshProviders is a part of Istio's DefaultProviders.
type MeshProviders struct {
	// AccessLogging are the providers of access logs for a Telemetry that names none.
	//
	// Default: unknown; Istio's own is none.
	// Example: [envoy]
	AccessLogging []string `json:"accessLogging,omitempty" meshfn:"min=1,max=64,example=envoy"`
}

// LabelSelector selects objects by their labels, as Kubernetes does. Everything in one selector has to hold.
type LabelSelector struct {
	// MatchLabels are labels that an object has to have.
	//
	// Example: {mesh: enabled}
	MatchLabels map[string]string `json:"matchLabels,omitempty" meshfn:"min=1,max=16"`
	// MatchExpressions are rules about single labels.
	//
	// Example: [{key: mesh, operator: Exists}]
	MatchExpressions []LabelExpression `json:"matchExpressions,omitempty" meshfn:"min=1,max=16"`
}

// LabelExpression is a rule about one label.
type LabelExpression struct {
	// Key is the label.
	Key string `json:"key" meshfn:"required,example=mesh"`
	// Operator is how the label is compared.
	Operator string `json:"operator" meshfn:"required,enum=In|NotIn|Exists|DoesNotExist"`
	// Values are what it is compared with.
	//
	// Error: none with In and NotIn; any with Exists and DoesNotExist.
	// Example: [enabled]
	Values []string `json:"values,omitempty" meshfn:"min=1,max=64,example=enabled"`
}
