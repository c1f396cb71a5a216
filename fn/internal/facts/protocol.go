package facts

import (
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"istio.io/istio/pkg/config/kube"
	"istio.io/istio/pkg/config/protocol"
)

// Protocol is what Istio takes the traffic of a port for.
type Protocol string

// The protocols that make a difference to what can be configured.
const (
	HTTP    Protocol = "HTTP"
	GRPC    Protocol = "GRPC"
	TLS     Protocol = "TLS" // HTTPS included: the proxy sees only the encrypted connection
	TCP     Protocol = "TCP"
	UDP     Protocol = "UDP"
	Sniffed Protocol = "unknown" // Istio looks at the first bytes of each connection
)

// Routable reports whether routes, timeouts and retries are possible: HTTP in any form, and what is sniffed, where Istio
// applies them to the connections that turn out to be HTTP.
func (p Protocol) Routable() bool { return p == HTTP || p == GRPC || p == Sniffed }

// Proxied reports whether sidecars have anything to do with calls to the port at all: they leave UDP alone.
func (p Protocol) Proxied() bool { return p != UDP }

// ProtocolOf asks Istio's own code what it takes a Service port for: appProtocol first, then the prefix of the port's
// name, then sniffing.
// https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/
func ProtocolOf(transport string, appProtocol *string, name string, port int32) Protocol {
	switch kube.ConvertProtocol(port, name, corev1.Protocol(transport), appProtocol) {
	case protocol.HTTP, protocol.HTTP2:
		return HTTP
	case protocol.GRPC, protocol.GRPCWeb:
		return GRPC
	case protocol.HTTPS, protocol.TLS:
		return TLS
	case protocol.UDP:
		return UDP
	case protocol.Unsupported:
		return Sniffed
	default: // TCP, HBONE and the databases, whose traffic passes through as TCP
		return TCP
	}
}

func number(n int32) string { return strconv.Itoa(int(n)) }

// Word is how a catalogue names the protocol.
func (p Protocol) Word() string {
	if p == Sniffed {
		return "sniffed"
	}
	return strings.ToLower(string(p))
}
