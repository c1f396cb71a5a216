package routing

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// hostPort is a port of a Service or ServiceEntry.
type hostPort struct {
	number   uint32
	target   string // of a Service: where the pod listens, "" for the same number
	protocol string
}

// portsOf lists the ports of a host.
func portsOf(host *cluster.Host) []hostPort {
	var ports []hostPort
	if host.Service != nil {
		for i := range host.Service.Ports {
			port := &host.Service.Ports[i]
			ports = append(ports, hostPort{uint32(port.Number), port.TargetPort, string(port.Protocol)}) //nolint:gosec // Read within 1 to 65535.
		}
	}
	for _, entry := range host.Entries {
		for _, port := range entry.Spec.Ports {
			ports = append(ports, hostPort{number: port.GetNumber(), protocol: port.GetProtocol()})
		}
	}
	return ports
}

func numbers(ports []hostPort) []string {
	var texts []string
	for _, port := range ports {
		texts = append(texts, strconv.FormatUint(uint64(port.number), 10))
	}
	return texts
}

// port checks the port that a route names, or that it does not need to.
func (c *checker) port(vs *virtualService, to destination, host *cluster.Host) {
	ports := portsOf(host)
	if len(ports) == 0 {
		return // Such as an ExternalName Service, which need not say its ports.
	}
	if to.GetPort() == nil {
		if distinct(ports) > 1 {
			c.withoutPort(vs, to, ports)
		}
		return
	}
	number := to.GetPort().GetNumber()
	for _, port := range ports {
		if port.number == number {
			return
		}
	}
	finding := diag.Finding{
		Code: diag.UnknownDestinationPort, Source: vs.At(to.field + ".port.number"),
		Message: fmt.Sprintf("%s sends calls to port %d of %q, which has: %s; they fail with 503",
			vs.Resource, number, to.GetHost(), strings.Join(numbers(ports), ", ")),
		Related: []diag.Source{placeOf(host)},
	}
	fitting := ports[0]
	for _, port := range ports {
		if port.target == strconv.FormatUint(uint64(number), 10) {
			fitting = port
			finding.Because = []string{fmt.Sprintf("%d is the port of the pods; a route names that of the Service", number)}
		}
	}
	if len(finding.Because) > 0 || distinct(ports) == 1 {
		finding.Proposed = strconv.FormatUint(uint64(fitting.number), 10)
		finding.Try = "number: " + finding.Proposed
	}
	c.report(finding)
}

func distinct(ports []hostPort) int {
	seen := map[uint32]bool{}
	for _, port := range ports {
		seen[port.number] = true
	}
	return len(seen)
}

// placeOf is where the build says that a host is there.
func placeOf(host *cluster.Host) diag.Source {
	if host.Service != nil {
		return host.Service.Source("spec.ports")
	}
	return host.Entries[0].At("spec.ports")
}

// withoutPort says what Istio does with a route to a host of several ports that names none: a call goes to the port that it
// came for. That may be what was meant inside the mesh; at a gateway it is the port of the gateway.
func (c *checker) withoutPort(vs *virtualService, to destination, ports []hostPort) {
	finding := diag.Finding{
		Code: diag.AmbiguousDestinationPort, Severity: diag.Warning, Source: vs.At(to.field),
		Message: fmt.Sprintf("%s names no port of %q, which has: %s; Istio sends each call to the port that it came for",
			vs.Resource, to.GetHost(), strings.Join(numbers(ports), ", ")),
		Try: "port: {number: " + numbers(ports)[0] + "}",
	}
	if gateway, listens := c.misses(vs, ports); gateway != "" {
		finding.Severity = diag.Error
		finding.Message = fmt.Sprintf("%s names no port of %q, so calls go to that of the gateway (%s), which the host does not have: %s; they fail with 503",
			vs.Resource, to.GetHost(), listens, strings.Join(numbers(ports), ", "))
		finding.Because = []string{"Gateway " + gateway + " opens the port"}
	}
	c.report(finding)
}

// misses finds a gateway of the VirtualService none of whose ports the host has.
func (c *checker) misses(vs *virtualService, ports []hostPort) (gateway, listens string) {
	for _, name := range gatewaysOf(vs) {
		known := c.gateway(name)
		if known == nil {
			continue
		}
		var opens []string
		hit := false
		for _, server := range known.Spec.Servers {
			opens = append(opens, strconv.FormatUint(uint64(server.GetPort().GetNumber()), 10))
			for _, port := range ports {
				hit = hit || port.number == server.GetPort().GetNumber()
			}
		}
		if !hit && len(opens) > 0 {
			return name, strings.Join(opens, ", ")
		}
	}
	return "", ""
}
