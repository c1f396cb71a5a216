package plan

import (
	"fmt"
	"net"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// checkExternal refuses entries that a proxy could not do what they say for.
func (p *planner) checkExternal(e *spec.External) bool {
	before := len(p.findings)
	p.outsideOnly(e)
	p.checkWildcard(e)
	p.checkAddresses(e)
	p.checkExternalTLS(e)
	if len(p.findings) == before { // Otherwise it is not clear what its calls are.
		p.checkExternalSettings(e)
	}
	return len(p.findings) == before
}

// outsideOnly refuses hosts of the cluster: as entries of their own they would take the place of the Services.
func (p *planner) outsideOnly(e *spec.External) {
	host := e.Entry.URL.Host
	finding := diag.Finding{Code: diag.ExternalInside, Source: e.At("url"), Try: "remove the entry; dependsOn names a Service as name or name.namespace"}
	switch service := p.serviceMeant(host, e.Namespace); {
	case service != nil:
		finding.Message = fmt.Sprintf("%s is Service %q of the build, which is in the mesh without an entry", host, service.Name)
		finding.Related = []diag.Source{service.Source("metadata.name")}
		finding.Try = fmt.Sprintf("remove the entry, and write dependsOn: [%s]", dependencyOn(service, e.Namespace))
	case strings.HasSuffix(host, ".svc"), strings.HasSuffix(host, "."+p.spec.Istio.ClusterDomain):
		finding.Message = host + " is a name of the cluster, whose Services are in the mesh without an entry"
	case e.Entry.URL.Wildcard() && strings.HasSuffix("."+p.spec.Istio.ClusterDomain, host[1:]):
		finding.Message = fmt.Sprintf("%s takes the names of the cluster, which end in .%s, and so those of its Services", host, p.spec.Istio.ClusterDomain)
	case !strings.Contains(host, "."):
		finding.Message = fmt.Sprintf("%s has no domain, so it can only be a Service of the namespace; allowed: a full name such as api.example.com", host)
	case strings.HasSuffix(host, spec.EgressDomain):
		finding.Message = fmt.Sprintf("%s is below %s, by which egress gateways tell namespaces apart", host, spec.EgressDomain[1:])
		finding.Try = "another name"
	default:
		return
	}
	p.report(finding)
}

// serviceMeant finds the Service of the build that a host name means.
func (p *planner) serviceMeant(host, namespace string) *facts.Service {
	short := strings.TrimSuffix(strings.TrimSuffix(host, "."+p.spec.Istio.ClusterDomain), ".svc")
	name, in, qualified := strings.Cut(short, ".")
	if !qualified {
		in = namespace
	}
	for _, service := range p.facts.Services {
		if service.Name == name && service.Namespace == in {
			return service
		}
	}
	return nil
}

func dependencyOn(service *facts.Service, namespace string) string {
	if service.Namespace == namespace || service.Namespace == "" {
		return service.Name
	}
	return service.Name + "." + service.Namespace
}

func (p *planner) checkWildcard(e *spec.External) {
	url := e.Entry.URL
	if !url.Wildcard() {
		return
	}
	finding := diag.Finding{Code: diag.ExternalWildcard, Source: e.At("url")}
	switch {
	case spoken(e) == facts.TCP && !e.Originates():
		finding.Message = fmt.Sprintf("%s: a TCP connection does not say which host it is for, so nothing tells the hosts below %s apart", url, url.Host[2:])
		finding.Try = "tcp://host:port for each host, with its addresses"
	case e.Originates():
		finding.Source = e.At("tls")
		finding.Message = fmt.Sprintf("tls: originate needs the name of one host to ask for and to verify, and %s is for many", url.Host)
		finding.Try = "an entry for each host, or tls: passthrough"
	default:
		return
	}
	p.report(finding)
}

// everyAddress reports whether a range leaves nothing out.
func everyAddress(network *net.IPNet) bool {
	ones, _ := network.Mask.Size()
	return ones == 0
}

func (p *planner) checkAddresses(e *spec.External) {
	for i, address := range e.Entry.Addresses {
		finding := diag.Finding{
			Code: diag.BadValue, Source: e.At(diag.At("addresses", i)),
			Message: fmt.Sprintf("%q is no address; allowed: IP addresses and CIDR ranges, such as 10.20.0.7 and 10.20.0.0/16", address),
			Try:     "remove addresses where DNS knows the host",
		}
		_, network, err := net.ParseCIDR(address)
		switch {
		case err == nil && everyAddress(network):
			finding.Message = fmt.Sprintf("%q is every address, and so takes all calls to the port in the namespace; allowed: the addresses of the host", address)
		case err == nil || net.ParseIP(address) != nil:
			continue
		}
		p.report(finding)
	}
	if len(e.Entry.Addresses) > 0 && e.Originates() {
		p.report(diag.Finding{
			Code: diag.ExternalOrigination, Source: e.At("tls"),
			Message: "tls: originate goes to another port than the application calls, and with addresses a connection goes where the application sends it",
			Related: []diag.Source{e.At("addresses")},
			Try:     "remove addresses where DNS knows the host, or tls: passthrough",
		})
	}
}

// checkExternalTLS refuses TLS where the scheme has none, and what says something of TLS that nobody speaks.
func (p *planner) checkExternalTLS(e *spec.External) {
	in := e.Entry.TLS
	if in == nil {
		return
	}
	refuse := func(field, message, try string) {
		p.report(diag.Finding{Code: diag.ExternalOrigination, Source: e.At(field), Message: message, Related: []diag.Source{e.At("url")}, Try: try})
	}
	url := e.Entry.URL
	if !url.Encrypted() {
		encrypted := map[string]string{"http": "https", "grpc": "grpcs", "tcp": "tls"}[url.Scheme]
		refuse("tls", fmt.Sprintf("tls is for hosts that speak TLS, and %s is plain; the URL is that of the host, also where the application calls it in plain text", url),
			fmt.Sprintf("url: %s://%s where the host speaks TLS; otherwise remove tls", encrypted, url.Host))
		return
	}
	if !e.Originates() {
		for _, field := range besideMode(in) {
			refuse("tls."+field, field+" has no effect where the application speaks TLS itself", "mode: originate, or remove "+field)
		}
		return
	}
	if url.Scheme == "tls" && in.Port == nil {
		refuse("tls", "the application calls a host of tls:// on a port of its own choice, where the sidecar is to speak TLS",
			fmt.Sprintf("tls: {mode: originate, port: %d}", url.Port))
	}
	for i, name := range in.SubjectAltNames {
		if name == "" || strings.ContainsAny(name, " *") {
			refuse(diag.At("tls.subjectAltNames", i), fmt.Sprintf("%q is no name of a certificate; allowed: whole names, without *", name), "the name that the host's certificate has")
		}
	}
}

// besideMode lists what is said of TLS that only a sidecar speaks.
func besideMode(in *v1alpha1.ExternalTLS) []string {
	var fields []string
	for field, given := range map[string]bool{
		"port": in.Port != nil, "sni": in.SNI != nil, "subjectAltNames": in.SubjectAltNames != nil, "caCertificates": in.CACertificates != nil,
	} {
		if given {
			fields = append(fields, field)
		}
	}
	return fields
}
