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
			for name, field := range certificatesOf(server.GetTls()) {
				here := opened{gateway: g, field: diag.At("spec.servers", i) + ".tls." + field, port: server.GetPort().GetNumber()}
				for _, before := range first[name] {
					if before.port == here.port && !reported[before.gateway] && samePods(before.gateway, g) {
						reported[before.gateway] = true
						c.report(sharedCertificate(before, here))
					}
				}
				first[name] = append(first[name], here)
			}
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

// certificatesOf names the certificates of a server, each with the field that does.
func certificatesOf(tls *networking.ServerTLSSettings) map[string]string {
	names := map[string]string{}
	if name := tls.GetCredentialName(); name != "" {
		names["secret "+name] = "credentialName"
	}
	for i, name := range tls.GetCredentialNames() {
		names["secret "+name] = diag.At("credentialNames", i)
	}
	if tls.GetServerCertificate() != "" && tls.GetPrivateKey() != "" {
		names["file "+tls.GetServerCertificate()+" "+tls.GetPrivateKey()] = "serverCertificate"
	}
	return names
}

// samePods reports whether the pods that one selector takes are among those of the other.
func samePods(a, b *gateway) bool {
	return len(a.Spec.Selector) == 0 || len(b.Spec.Selector) == 0 ||
		facts.Matches(a.Spec.Selector, b.Spec.Selector) || facts.Matches(b.Spec.Selector, a.Spec.Selector)
}
