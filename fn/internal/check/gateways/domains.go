package gateways

import (
	"fmt"
	"slices"
	"strings"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// domains finds hosts that are claimed at a gateway of the profile, and are outside of the domains that it allows there: by
// a patch, or by an object that is kept by hand. What expose asks for was looked at where it is written.
func (c *checker) domains() {
	for i := range c.Declared {
		declared := &c.Declared[i]
		if len(declared.AllowedDomains) == 0 {
			continue
		}
		for _, object := range c.Gateways {
			if facts.Matches(object.Spec.GetSelector(), declared.Selector) || len(object.Spec.GetSelector()) == 0 {
				c.claimed(object, declared)
			}
		}
	}
	for _, object := range c.VirtualServices {
		c.claimedElsewhere(object)
	}
}

// claimed looks at the hosts of a Gateway that the pods of a gateway of the profile take. In the namespace of these pods the
// platform keeps Gateways of its own.
func (c *checker) claimed(object *gateway, declared *spec.Gateway) {
	for i, server := range object.Spec.GetServers() {
		for j, text := range server.GetHosts() {
			_, host := splitHost(text)
			if within(host, declared.AllowedDomains) {
				continue
			}
			finding := outside(host, declared, object.WrittenAt(diag.At(diag.At("spec.servers", i)+".hosts", j)))
			finding.Message = fmt.Sprintf("%s claims it: %s", object.Resource, finding.Message)
			if object.ByHand() && object.Namespace == declared.Namespace {
				finding.Severity = diag.Warning
			}
			c.report(finding)
		}
	}
}

// claimedElsewhere looks at the hosts that a VirtualService claims at a Gateway which another build has in the namespace of
// the profile's gateways. What that Gateway takes is not known here.
func (c *checker) claimedElsewhere(object *cluster.Object[*networking.VirtualService]) {
	declared := c.declaredFor(object)
	if len(declared) == 0 {
		return
	}
	inMesh := slices.Contains(object.Spec.GetGateways(), "mesh")
	for i, host := range object.Spec.GetHosts() {
		named := c.Resolve(host, object.Namespace)
		if inMesh && named.Service != nil || slices.ContainsFunc(declared, func(of *spec.Gateway) bool { return within(host, of.AllowedDomains) }) {
			continue
		}
		finding := outside(host, declared[0], object.WrittenAt(diag.At("spec.hosts", i)))
		finding.Severity = diag.Warning
		finding.Message = fmt.Sprintf("%s claims it at a Gateway of namespace %q: %s", object.Resource, declared[0].Namespace, finding.Message)
		c.report(finding)
	}
}

// declaredFor lists the gateways of the profile, with domains, in whose namespace a Gateway outside of the build is that a
// VirtualService names. None is listed where one of the namespace allows everything.
func (c *checker) declaredFor(object *cluster.Object[*networking.VirtualService]) []*spec.Gateway {
	var list []*spec.Gateway
	for _, name := range object.Spec.GetGateways() {
		namespace, _, full := strings.Cut(name, "/")
		here := func(g *gateway) bool { return g.Namespace+"/"+g.Name == name }
		if !full || slices.ContainsFunc(c.Gateways, here) {
			continue
		}
		for i := range c.Declared {
			if c.Declared[i].Namespace != namespace {
				continue
			}
			if len(c.Declared[i].AllowedDomains) == 0 {
				return nil
			}
			list = append(list, &c.Declared[i])
		}
	}
	return list
}

func outside(host string, declared *spec.Gateway, at diag.Source) diag.Finding {
	return diag.Finding{
		Code: diag.ForbiddenDomain, Source: at,
		Message: fmt.Sprintf("host %q is outside the domains of gateway %q: %s", host, declared.Name, strings.Join(declared.AllowedDomains, ", ")),
		Related: []diag.Source{declared.At},
		Try:     "a host below one of these domains, or ask the owners of the profile to allow this one",
	}
}

// within reports whether a host is one of some domains or below it.
func within(host string, domains []string) bool {
	name := strings.TrimPrefix(strings.ToLower(host), "*.")
	return slices.ContainsFunc(domains, func(domain string) bool {
		domain = strings.TrimPrefix(domain, "*.")
		return name == domain || strings.HasSuffix(name, "."+domain)
	})
}
