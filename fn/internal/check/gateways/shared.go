package gateways

import (
	"fmt"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// opened is a server that ends TLS for HTTP on a port.
type opened struct {
	gateway *gateway
	field   string
	port    uint32
}

// sharedCertificates finds Gateways of the same pods that open the same port with the same certificate. A browser then
// takes its connection to a host of the one for the hosts of the other too, which have no route on it.
// https://istio.io/latest/docs/ops/common-problems/network-issues/#404-errors-occur-when-multiple-gateways-configured-with-same-tls-certificate
func (c *checker) sharedCertificates() {
	first := map[string][]opened{}
	for _, g := range c.Gateways {
		reported := map[*gateway]bool{g: true}
		for i, server := range g.Spec.Servers {
			if server.GetPort().GetProtocol() != "HTTPS" {
				continue
			}
			for _, one := range certificatesOf(server.GetTls()) {
				here := opened{gateway: g, field: diag.At("spec.servers", i) + ".tls." + one.field, port: server.GetPort().GetNumber()}
				c.openedBefore(first[one.name], here, reported)
				first[one.name] = append(first[one.name], here)
			}
		}
	}
}

// openedBefore reports each other Gateway once that opened the port with the certificate.
func (c *checker) openedBefore(list []opened, here opened, reported map[*gateway]bool) {
	for _, before := range list {
		if before.port == here.port && !reported[before.gateway] && samePods(before.gateway, here.gateway) {
			reported[before.gateway] = true
			c.report(sharedCertificate(before, here))
		}
	}
}

func sharedCertificate(before, here opened) diag.Finding {
	return diag.Finding{
		Code: diag.CertificateShared, Severity: diag.Warning, Source: here.gateway.At(here.field),
		Message: fmt.Sprintf("%s opens port %d with the same certificate: clients that use one HTTP/2 connection for hosts of both get 404",
			before.gateway.Resource, here.port),
		Related: []diag.Source{before.gateway.At(before.field)},
		Try:     "one Gateway with this certificate for all of its hosts",
	}
}

// certificate is what a server shows to callers, and the field that names it.
type certificate struct{ name, field string }

func certificatesOf(tls *networking.ServerTLSSettings) []certificate {
	var list []certificate
	if name := tls.GetCredentialName(); name != "" {
		list = append(list, certificate{"secret " + name, "credentialName"})
	}
	for i, name := range tls.GetCredentialNames() {
		list = append(list, certificate{"secret " + name, diag.At("credentialNames", i)})
	}
	if tls.GetServerCertificate() != "" && tls.GetPrivateKey() != "" {
		list = append(list, certificate{"file " + tls.GetServerCertificate() + " " + tls.GetPrivateKey(), "serverCertificate"})
	}
	return list
}

// samePods reports whether the pods that one selector takes are among those of the other.
func samePods(a, b *gateway) bool {
	return len(a.Spec.Selector) == 0 || len(b.Spec.Selector) == 0 ||
		facts.Matches(a.Spec.Selector, b.Spec.Selector) || facts.Matches(b.Spec.Selector, a.Spec.Selector)
}
