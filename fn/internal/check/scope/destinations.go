package scope

import (
	"fmt"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// destination is one place where a VirtualService sends calls. Its host is "" where a route has no mirror.
type destination struct {
	host, subset, field string
}

func destinationsOf(vs *virtualService) []destination {
	var list []destination
	add := func(to *networking.Destination, field string) {
		list = append(list, destination{to.GetHost(), to.GetSubset(), field + ".host"})
	}
	for i, route := range vs.Spec.Http {
		field := diag.At("spec.http", i)
		for j, to := range route.Route {
			add(to.GetDestination(), diag.At(field+".route", j)+".destination")
		}
		add(route.Mirror, field+".mirror")
		for j, to := range route.Mirrors {
			add(to.GetDestination(), diag.At(field+".mirrors", j)+".destination")
		}
	}
	for i, route := range vs.Spec.Tls {
		for j, to := range route.Route {
			add(to.GetDestination(), diag.At(diag.At("spec.tls", i)+".route", j)+".destination")
		}
	}
	for i, route := range vs.Spec.Tcp {
		for j, to := range route.Route {
			add(to.GetDestination(), diag.At(diag.At("spec.tcp", i)+".route", j)+".destination")
		}
	}
	return list
}

// destinations finds routes inside the mesh to what the callers that have the route do not see.
func (c *checker) destinations() {
	rules := map[string][]*cluster.Object[*networking.DestinationRule]{}
	for _, rule := range c.DestinationRules {
		full := c.Resolve(rule.Spec.Host, rule.Namespace)
		rules[full.Full] = append(rules[full.Full], rule)
	}
	for _, vs := range c.VirtualServices {
		if !inMesh(vs) {
			continue
		}
		said := map[string]bool{}
		for _, to := range destinationsOf(vs) {
			host := c.Resolve(to.host, vs.Namespace)
			key := host.Full + " " + to.subset
			if said[key] {
				continue
			}
			said[key] = true
			if !c.hiddenHost(vs, to, host.Full) {
				c.hiddenSubset(vs, to, host.Full, rules[host.Full])
			}
		}
	}
}

// hiddenHost finds a destination that is not exported to where the route is.
func (c *checker) hiddenHost(vs *virtualService, to destination, full string) bool {
	var hidden *known
	for _, host := range c.hosts.byName[full] {
		if host.visible.In(vs.Namespace) {
			return false
		}
		hidden = host
	}
	if hidden == nil {
		return false
	}
	finding := diag.Finding{
		Code: diag.DestinationNotExported, Severity: diag.Warning, Source: vs.At(to.field),
		Message: fmt.Sprintf("%s is exported to %s only: callers elsewhere that have this route get status 503", full, hidden.visible),
		Related: []diag.Source{hidden.exported},
		Try:     "export the host to the namespaces of the callers, or the VirtualService to those of the host",
	}
	if !hidden.visible.Meets(cluster.Visible(vs.Spec.ExportTo, vs.Namespace)) {
		finding.Severity = diag.Error
		finding.Message = fmt.Sprintf("%s is exported to %s only, and this VirtualService to %s: no caller has both", full, hidden.visible,
			cluster.Visible(vs.Spec.ExportTo, vs.Namespace))
	}
	c.report(finding)
	return true
}

// hiddenSubset finds a subset whose DestinationRule is not exported to where the route is.
func (c *checker) hiddenSubset(vs *virtualService, to destination, full string, rules []*cluster.Object[*networking.DestinationRule]) {
	var hidden *cluster.Object[*networking.DestinationRule]
	for _, rule := range rules {
		for _, subset := range rule.Spec.Subsets {
			if subset.GetName() != to.subset {
				continue
			}
			if cluster.Visible(rule.Spec.ExportTo, rule.Namespace).In(vs.Namespace) {
				return
			}
			hidden = rule
		}
	}
	if hidden == nil {
		return
	}
	c.report(diag.Finding{
		Code: diag.SubsetNotExported, Severity: diag.Warning, Source: vs.At(to.field),
		Message: fmt.Sprintf("subset %q of %s is in %s, which is exported to %s only: callers elsewhere that have this route get status 503",
			to.subset, full, hidden.Resource, cluster.Visible(hidden.Spec.ExportTo, hidden.Namespace)),
		Related: []diag.Source{hidden.At("spec.exportTo")},
		Try:     "export the DestinationRule to the namespaces of the callers",
	})
}
