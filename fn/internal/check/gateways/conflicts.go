package gateways

import (
	"fmt"
	"strings"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// opened is one host of a server.
type opened struct {
	gateway     *cluster.Object[*networking.Gateway]
	host, field string
	key         string // what no two servers of the same pods may share
}

// conflicts finds hosts that two Gateways open on the same port of the same pods. Of two Gateways one host is said.
func (c *checker) conflicts() {
	taken := map[string][]opened{}
	reported := map[[2]*cluster.Object[*networking.Gateway]]bool{}
	for _, gateway := range c.Gateways {
		for _, one := range openedBy(gateway) {
			for _, other := range taken[one.key] {
				pair := [2]*cluster.Object[*networking.Gateway]{other.gateway, gateway}
				if !reported[pair] && samePods(other.gateway, gateway) {
					reported[pair] = true
					c.sameServer(other, one)
				}
			}
			taken[one.key] = append(taken[one.key], one)
		}
	}
}

func openedBy(gateway *cluster.Object[*networking.Gateway]) []opened {
	var all []opened
	for i, server := range gateway.Spec.Servers {
		for j, text := range server.GetHosts() {
			_, host := splitHost(text)
			all = append(all, opened{
				gateway: gateway, host: host, field: diag.At(diag.Join(diag.At("spec.servers", i), "hosts"), j),
				key: fmt.Sprint(server.GetPort().GetNumber(), " ", server.GetBind(), " ", host),
			})
		}
	}
	return all
}

// splitHost takes namespace/host apart.
func splitHost(text string) (namespace, host string) {
	if namespace, host, found := strings.Cut(text, "/"); found {
		return namespace, host
	}
	return "", text
}

// samePods reports whether two Gateways of different names select the same pods: those of a narrower selector are among
// those of a wider one. One name twice is reported as such.
func samePods(a, b *cluster.Object[*networking.Gateway]) bool {
	return a != b && (a.Name != b.Name || a.Namespace != b.Namespace) &&
		(within(a.Spec.Selector, b.Spec.Selector) || within(b.Spec.Selector, a.Spec.Selector))
}

// within reports whether every pod of the second selector is one of the first.
func within(wide, narrow map[string]string) bool {
	for key, value := range wide {
		if got, ok := narrow[key]; !ok || got != value {
			return false
		}
	}
	return true
}

func (c *checker) sameServer(earlier, later opened) {
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
