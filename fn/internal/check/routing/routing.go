// Package routing checks VirtualServices and DestinationRules: where calls go, and whether they can.
package routing

import (
	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

type (
	virtualService  = cluster.Object[*networking.VirtualService]
	destinationRule = cluster.Object[*networking.DestinationRule]
)

// Check reports what would not work in the mesh.
func Check(v *cluster.View) diag.List {
	c := newChecker(v)
	c.meshHosts()
	c.gatewayHosts()
	c.ruleHosts()
	c.wildcards()
	c.destinations()
	c.routeHosts()
	c.ruleTargets()
	c.unreachable()
	c.weights()
	c.defaultRoutes()
	c.routeGateways()
	c.ingress()
	c.claims()
	c.subsetPods()
	c.subsetPolicies()
	c.portPolicies()
	c.tls()
	c.retries()
	c.pools()
	c.ejections()
	c.localities()
	return c.findings
}

type checker struct {
	*cluster.View
	findings diag.List
	hosts    map[name]*cluster.Host
	said     map[pair]bool
	wide     []*destinationRule                                // those whose host is a wildcard
	gateways map[string][]*cluster.Object[*networking.Gateway] // by namespace/name; more than one is said elsewhere
}

// name is a host as it is written in a namespace.
type name struct{ host, namespace string }

func newChecker(v *cluster.View) *checker {
	c := &checker{
		View: v, hosts: map[name]*cluster.Host{}, said: map[pair]bool{},
		gateways: map[string][]*cluster.Object[*networking.Gateway]{},
	}
	for _, gateway := range v.Gateways {
		full := gateway.Namespace + "/" + gateway.Name
		c.gateways[full] = append(c.gateways[full], gateway)
	}
	for _, rule := range v.DestinationRules {
		if wild(rule.Spec.Host) {
			c.wide = append(c.wide, rule)
		}
	}
	return c
}

func (c *checker) report(finding diag.Finding) { c.findings = append(c.findings, finding) }

// host resolves a name once, because the same few names stand in many objects.
func (c *checker) host(text, namespace string) *cluster.Host {
	key := name{text, namespace}
	known, ok := c.hosts[key]
	if !ok {
		resolved := c.Resolve(text, namespace)
		known = &resolved
		c.hosts[key] = known
	}
	return known
}

// meant is the full name of the host that a person means: web.shop too is the Service web of the namespace shop, although
// Istio does not complete it.
func (c *checker) meant(text, namespace string) string {
	host := c.host(text, namespace)
	if host.Service == nil && host.Meant != nil {
		return c.host(host.Meant.Name, host.Meant.Namespace).Full
	}
	return host.Full
}
