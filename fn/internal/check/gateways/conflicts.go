package gateways

import (
	"cmp"
	"fmt"
	"strings"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// openHost is one host of a server.
type openHost struct {
	gateway     *gateway
	host, field string
	passes      bool   // generated, to pass on TLS as it is
	key         string // what no two servers of the same pods may share
}

// conflicts finds hosts that two Gateways open on the same port of the same pods. Of two Gateways one host is said. Two
// namespaces that pass TLS of one host on through the egress gateway are no conflict: whichever Istio keeps does the same.
func (c *checker) conflicts() {
	taken := map[string][]openHost{}
	reported := map[[2]*gateway]bool{}
	for _, object := range c.Gateways {
		for _, one := range openedBy(object) {
			for _, other := range taken[one.key] {
				pair := [2]*gateway{other.gateway, object}
				if !reported[pair] && (!one.passes || !other.passes) && otherName(other.gateway, object) && samePods(other.gateway, object) {
					reported[pair] = true
					c.sameServer(other, one)
				}
			}
			taken[one.key] = append(taken[one.key], one)
		}
	}
}

func openedBy(gateway *gateway) []openHost {
	var all []openHost
	for i, server := range gateway.Spec.Servers {
		for j, text := range server.GetHosts() {
			namespace, host := splitHost(text)
			all = append(all, openHost{
				passes:  gateway.Generated != nil && server.GetTls() != nil && server.GetTls().GetMode() == networking.ServerTLSSettings_PASSTHROUGH,
				gateway: gateway, host: host, field: diag.At(diag.Join(diag.At("spec.servers", i), "hosts"), j),
				key: fmt.Sprint(server.GetPort().GetNumber(), " ", server.GetBind(), " ", takenFrom(namespace, gateway), "/", host),
			})
		}
	}
	return all
}

// takenFrom is the namespace whose routes a host takes, or * for all. Servers that take routes of different namespaces are
// not in each other's way.
func takenFrom(namespace string, gateway *gateway) string {
	if namespace == "." {
		return gateway.Namespace
	}
	return cmp.Or(namespace, "*")
}

// splitHost takes namespace/host apart.
func splitHost(text string) (namespace, host string) {
	if namespace, host, found := strings.Cut(text, "/"); found {
		return namespace, host
	}
	return "", text
}

func (c *checker) sameServer(earlier, later openHost) {
	if earlier.gateway.Generated != nil && later.gateway.ByHand() {
		earlier, later = later, earlier
	}
	finding := diag.Finding{
		Code: diag.ServerTaken, Source: later.gateway.At(later.field),
		Message: fmt.Sprintf("%s and %s both open host %q on the same port of the same pods, and Istio keeps only one of the two",
			later.gateway.Resource, earlier.gateway.Resource, later.host),
		Related: []diag.Source{earlier.gateway.At(earlier.field)},
		Try:     "remove the host from one of the two",
	}
	if later.gateway.Generated != nil && earlier.gateway.ByHand() {
		finding.Message = fmt.Sprintf("Gateway %q of the build has the same host %q as the generated one, and both open it on the same port of the same pods",
			earlier.gateway.Name, later.host)
		finding.Related = []diag.Source{earlier.gateway.At("spec")}
		finding.Try = "remove yours, or the host from expose"
	}
	c.report(finding)
}

// otherName reports whether two Gateways are two objects. One name twice is reported as such.
func otherName(a, b *gateway) bool { return a.Name != b.Name || a.Namespace != b.Namespace }
