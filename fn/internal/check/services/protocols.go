package services

import (
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// managedLabel is on the Services that Istio makes for a Gateway of the Gateway API.
const managedLabel = "gateway.istio.io/managed"

// healthPort is where a proxy says whether it is ready.
// https://istio.io/latest/docs/ops/deployment/application-requirements/#ports-used-by-istio
const healthPort = 15021

// protocolNames are the words for protocols that Istio knows.
// https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/
func protocolNames() []string {
	return []string{
		"http", "http2", "https", "grpc", "grpc-web", "tcp", "tls", "udp", "mongo", "mysql", "redis",
		"kubernetes.io/h2c", "kubernetes.io/ws", "kubernetes.io/wss",
	}
}

// protocols finds ports that do not say their protocol.
func (c *checker) protocols() {
	for _, service := range c.Facts.Services {
		_, managed := service.Item.Label(managedLabel)
		if managed || service.Namespace == c.Istio.RootNamespace || slices.Contains(facts.SystemNamespaces(), service.Namespace) {
			continue // Nobody who applies a Mesh owns these.
		}
		for i := range service.Ports {
			c.protocol(service, &service.Ports[i])
		}
	}
}

func (c *checker) protocol(service *facts.Service, port *facts.Port) {
	sniffed := port.Protocol == facts.Sniffed
	switch {
	case service.ExternalName != "" && (sniffed || port.Name == "tcp" && port.App == ""):
		c.report(diag.Finding{
			Code: diag.ExternalNamePort, Severity: diag.Warning, Source: at(service, port),
			Message: fmt.Sprintf("port %d of Service %q, which is a name for %s, does not say that it is HTTP or TLS", port.Number, service.Name, service.ExternalName),
			Because: []string{"Istio may then take all calls to this port number, whatever host they are for, for calls to this Service"},
			Try:     "a name that begins with the protocol, such as https, http or tls",
		})
	case !sniffed, service.ExternalName != "", c.hanging(service, port), c.Said(diag.SniffedProtocol, service.Source(port.Field)):
	case port.App != "":
		c.unknownApp(service, port)
	case port.Number == healthPort && port.Name == "status-port":
		// Istio's own chart for gateways writes it so, for load balancers outside the mesh.
	default:
		c.report(diag.Finding{
			Code: diag.PortName, Severity: diag.Info, Source: at(service, port), Message: unnamed(service, port), Try: rename(port),
		})
	}
}

// at is where the protocol of a port is or could be said.
func at(service *facts.Service, port *facts.Port) diag.Source {
	field := "name"
	if port.App != "" {
		field = "appProtocol"
	}
	return service.Source(diag.Join(port.Field, field))
}

func unnamed(service *facts.Service, port *facts.Port) string {
	if port.Name == "" {
		return fmt.Sprintf("port %d of Service %q has no name that would say its protocol", port.Number, service.Name)
	}
	return fmt.Sprintf("the name of port %q of Service %q does not begin with a protocol", port.Name, service.Name)
}

// rename proposes a name. One such as metrics-http has the protocol, and in the wrong place.
func rename(port *facts.Port) string {
	words := strings.Split(port.Name, "-")
	for i, word := range words {
		if i > 0 && slices.Contains(protocolNames(), word) {
			return "name: " + strings.Join(append([]string{word}, slices.Delete(words, i, i+1)...), "-") + ", or appProtocol: " + word
		}
	}
	if nearest, ok := diag.Nearest(words[0], protocolNames()); ok {
		return "name: " + strings.Join(append([]string{nearest}, words[1:]...), "-") + ", or appProtocol: " + nearest
	}
	if port.Name == "" {
		return "appProtocol: http, grpc or tcp, or such a name"
	}
	return fmt.Sprintf("appProtocol: http, grpc or tcp, or a name such as http-%s", port.Name)
}

// unknownApp says that an appProtocol is of no use to Istio. One of a person's own, or of the register that Kubernetes
// refers to, is right for others, so only a misspelling is worth a warning.
func (c *checker) unknownApp(service *facts.Service, port *facts.Port) {
	finding := diag.Finding{
		Code: diag.AppProtocol, Severity: diag.Info, Source: at(service, port),
		Message: fmt.Sprintf("appProtocol %q of port %s of Service %q is none that Istio knows; those are: %s",
			port.App, port.Key(), service.Name, strings.Join(protocolNames(), ", ")),
		Because: []string{"it counts even where the name of the port says a protocol"},
		Try:     "appProtocol: tcp, if the connections are to be passed on as they are",
	}
	if nearest, ok := diag.Nearest(port.App, protocolNames()); ok {
		finding.Severity, finding.Try, finding.Proposed = diag.Warning, "appProtocol: "+nearest, nearest
	}
	c.report(finding)
}
