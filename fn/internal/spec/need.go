package spec

import (
	"strings"

	"github.com/meshfn/meshfn/fn/internal/facts"
)

// Need is what a port must be so that a setting can hold for the calls to it.
type Need struct {
	Port    func(facts.Protocol) bool
	Text    string // in messages: it needs …
	Cluster bool   // callers must leave the choice of a pod to their proxy, which those of a headless Service do not
}

// NeedOf returns what a setting needs. One that is not named here can hold on every port.
func NeedOf(setting string) Need {
	first, rest, _ := strings.Cut(setting, ".")
	ofRequests := strings.HasPrefix(rest, "http") || rest == "maxRetries" || rest == "maxRequestsPerConnection"
	switch {
	case first == "timeout", first == "retries", first == "circuitBreaker" && ofRequests:
		return Need{Port: facts.Protocol.Routable, Text: "an HTTP or gRPC port"}
	case first == "circuitBreaker":
		return Need{Port: facts.Protocol.Proxied, Text: "a TCP port"}
	case first == "outlierDetection", first == "loadBalancer":
		return Need{Port: facts.Protocol.Proxied, Text: "a TCP port", Cluster: true}
	}
	return Need{Port: func(facts.Protocol) bool { return true }}
}

// Met reports whether a port of a Service has it all.
func (n Need) Met(service *facts.Service, port *facts.Port) bool {
	return n.Port(port.Protocol) && (!n.Cluster || !service.Headless)
}
