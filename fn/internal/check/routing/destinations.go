package routing

import (
	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// destination is one place that a VirtualService sends calls to, or copies of them.
type destination struct {
	*networking.Destination
	field  string // its path in the VirtualService
	weight int32  // 0 where nothing goes there for now
}

// destinations lists where the routes of a VirtualService send calls. Where there is no mirror, it has no destination.
func destinations(spec *networking.VirtualService) []destination {
	var all []destination
	for i, route := range spec.Http {
		field := diag.At("spec.http", i)
		for j, to := range route.GetRoute() {
			all = append(all, routed(to.GetDestination(), diag.At(field+".route", j), to.GetWeight(), len(route.GetRoute())))
		}
		all = append(all, destination{route.GetMirror(), field + ".mirror", 1})
		for j, mirror := range route.GetMirrors() {
			all = append(all, destination{mirror.GetDestination(), diag.At(field+".mirrors", j) + ".destination", 1})
		}
	}
	for i, route := range spec.Tcp {
		all = append(all, streams(route.GetRoute(), diag.At("spec.tcp", i))...)
	}
	for i, route := range spec.Tls {
		all = append(all, streams(route.GetRoute(), diag.At("spec.tls", i))...)
	}
	return all
}

func streams(routes []*networking.RouteDestination, field string) []destination {
	all := make([]destination, 0, len(routes))
	for j, to := range routes {
		all = append(all, routed(to.GetDestination(), diag.At(field+".route", j), to.GetWeight(), len(routes)))
	}
	return all
}

func routed(to *networking.Destination, field string, weight int32, of int) destination {
	if of == 1 {
		weight = 100
	}
	return destination{to, field + ".destination", weight}
}

// destinations checks that what the routes name is there: the host, its port and its subset.
func (c *checker) destinations() {
	_, rules := c.rules()
	for _, vs := range c.VirtualServices {
		unknown := &unchecked{}
		for _, to := range destinations(vs.Spec) {
			if to.GetHost() == "" {
				continue // Of a route without a mirror, or one that Istio's validation refuses.
			}
			c.destination(vs, to, rules, unknown)
		}
		c.notChecked(vs.Meta, diag.UncheckedHost, unknown)
	}
}

func (c *checker) destination(vs *virtualService, to destination, rules map[string][]*destinationRule, unknown *unchecked) {
	host := c.host(to.GetHost(), vs.Namespace)
	of := rules[host.Full]
	switch {
	case !host.Known():
		c.unknownDestination(vs, to, host, unknown)
		if len(of) > 0 {
			c.subset(vs, to, host, of)
		}
	default:
		c.port(vs, to, host)
		c.subset(vs, to, host, of)
	}
}
