package gateways

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// kubernetesGateways checks the Gateways of the Gateway API, each by itself and with those that share its address.
func (c *checker) kubernetesGateways() {
	byAddress := map[string][]*cluster.KubernetesGateway{}
	classes := c.classes()
	for _, g := range c.KubernetesGateways() {
		c.listeners(g)
		c.class(g, classes)
		for i, address := range g.Spec.Addresses {
			if address.Value == "" {
				continue
			}
			key := cmp.Or(address.Type, "IPAddress") + " " + address.Value
			for _, before := range byAddress[key] {
				if !c.sameListener(before, g) && cmp.Or(address.Type, "IPAddress") == "IPAddress" {
					c.report(diag.Finding{
						Code: diag.AddressShared, Severity: diag.Warning, Source: g.At(diag.At("spec.addresses", i) + ".value"),
						Message: fmt.Sprintf("%s asks for the address %s too: Istio makes a Service for each, and only one of them gets it",
							before.Resource, address.Value),
						Related: []diag.Source{before.At("spec.addresses")},
						Try:     "one Gateway with the listeners of both, or the host name of one Service as the address of both",
					})
				}
			}
			byAddress[key] = append(byAddress[key], g)
		}
	}
}

// sameListener finds listeners of two Gateways that open the same host and port of the same address. Gateways that share
// no address have pods of their own, and may open what they like.
// https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/#manual-deployment
func (c *checker) sameListener(before, g *cluster.KubernetesGateway) bool {
	found := false
	for i, listener := range g.Spec.Listeners {
		same := slices.IndexFunc(before.Spec.Listeners, func(other cluster.Listener) bool {
			return other.Port == listener.Port && other.Hostname == listener.Hostname
		})
		if same < 0 {
			continue
		}
		found = true
		c.report(diag.Finding{
			Code: diag.ListenerShared, Severity: diag.Warning, Source: g.At(diag.At("spec.listeners", i)),
			Message: fmt.Sprintf("%s opens %s on port %d of the same address too: which routes a call gets is not defined",
				before.Resource, hostOf(listener), listener.Port),
			Related: []diag.Source{before.At(diag.At("spec.listeners", same))},
			Try:     "keep one of the two, and attach the routes of both to it",
		})
	}
	return found
}

// listeners finds two listeners of a Gateway that nothing tells apart.
func (c *checker) listeners(g *cluster.KubernetesGateway) {
	for i, listener := range g.Spec.Listeners {
		before := slices.IndexFunc(g.Spec.Listeners[:i], func(other cluster.Listener) bool {
			return other.Port == listener.Port && other.Hostname == listener.Hostname && other.Protocol == listener.Protocol
		})
		if before < 0 {
			continue
		}
		c.report(diag.Finding{
			Code: diag.ListenerTwice, Source: g.At(diag.At("spec.listeners", i)),
			Message: fmt.Sprintf("listeners %q and %q both open %s on port %d for %s; each needs a port, protocol and hostname of its own",
				g.Spec.Listeners[before].Name, listener.Name, hostOf(listener), listener.Port, listener.Protocol),
			Related: []diag.Source{g.At(diag.At("spec.listeners", before))},
			Try:     "remove one of the two, or give it another hostname",
		})
	}
}

func hostOf(listener cluster.Listener) string { return cmp.Or(listener.Hostname, "every host") }

// classes lists the GatewayClasses that are there: those that Istio makes, and those of the build.
func (c *checker) classes() []string {
	names := []string{"istio", "istio-remote", "istio-waypoint", "istio-east-west"}
	for _, meta := range c.Rest {
		if meta.Group() == cluster.GatewayAPIGroup && meta.Kind == "GatewayClass" {
			names = append(names, meta.Name)
		}
	}
	return names
}

func (c *checker) class(g *cluster.KubernetesGateway, known []string) {
	class := g.Spec.Class
	if class == "" || slices.Contains(known, class) {
		return
	}
	finding := diag.Finding{
		Code: diag.GatewayClassUnknown, Severity: diag.Info, Source: g.At("spec.gatewayClassName"),
		Message: fmt.Sprintf("not checked: whether the cluster has a GatewayClass %q; the build has none of that name, and Istio makes: %s",
			class, diag.OneOf(known[:4])),
	}
	for _, name := range known {
		if diag.Slip(class, name) {
			finding.Severity, finding.Proposed, finding.Try = diag.Warning, name, name
			finding.Message = fmt.Sprintf("there is no GatewayClass %q; Istio and the build have: %s", class, diag.OneOf(known))
		}
	}
	c.report(finding)
}
