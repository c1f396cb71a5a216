package facts

// ProxyContainer is the name of the container that a sidecar is, and of the one that a template leaves for it.
const ProxyContainer = "istio-proxy"

// The annotations of a pod that tune its sidecar.
// https://istio.io/latest/docs/reference/config/annotations/
const (
	ProxyConfig = "proxy.istio.io/config"
	LogLevel    = "sidecar.istio.io/logLevel"

	// One of the four amounts makes Istio ignore its own for the others.
	ProxyCPU         = "sidecar.istio.io/proxyCPU"
	ProxyMemory      = "sidecar.istio.io/proxyMemory"
	ProxyCPULimit    = "sidecar.istio.io/proxyCPULimit"
	ProxyMemoryLimit = "sidecar.istio.io/proxyMemoryLimit"

	// What keeps calls from the sidecar.
	ExcludeInboundPorts   = "traffic.sidecar.istio.io/excludeInboundPorts"
	ExcludeOutboundPorts  = "traffic.sidecar.istio.io/excludeOutboundPorts"
	ExcludeOutboundRanges = "traffic.sidecar.istio.io/excludeOutboundIPRanges"
	IncludeOutboundRanges = "traffic.sidecar.istio.io/includeOutboundIPRanges"
	InterceptionMode      = "sidecar.istio.io/interceptionMode"
)
