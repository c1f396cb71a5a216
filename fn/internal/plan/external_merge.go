package plan

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// mergeExternal puts the entries of one host in the order of their ports, each port once. Two Meshes of a namespace may say
// the same of a host: `dependsOn` means only entries of its own Mesh.
func (p *planner) mergeExternal(entries []*spec.External) []*spec.External {
	var out []*spec.External
	for _, e := range entries {
		at := slices.IndexFunc(out, func(other *spec.External) bool { return other.Port() == e.Port() })
		if at < 0 {
			out = append(out, e)
			continue
		}
		if other := out[at]; other.Owner.String() == e.Owner.String() || !reflect.DeepEqual(other.Entry, e.Entry) {
			p.refuseExternalTwice(other, e)
		}
	}
	for _, e := range out[1:] {
		if !slices.Equal(e.Entry.Addresses, out[0].Entry.Addresses) {
			p.report(diag.Finding{
				Code: diag.ExternalTwice, Source: e.At("addresses"),
				Message: fmt.Sprintf("%s has other addresses here than elsewhere in the namespace, and one host has one list of them", e.Entry.URL.Host),
				Related: []diag.Source{out[0].At("addresses")},
				Try:     "the same addresses in both",
			})
		}
	}
	slices.SortStableFunc(out, func(a, b *spec.External) int { return int(a.Port() - b.Port()) })
	return out
}

func (p *planner) refuseExternalTwice(first, second *spec.External) {
	finding := diag.Finding{
		Code: diag.ExternalTwice, Source: second.At("url"), Related: []diag.Source{first.At("url")},
		Message: fmt.Sprintf("port %d of %s is there twice, as %q and as %q", second.Port(), second.Entry.URL.Host, first.Name, second.Name),
		Try:     "keep one of the two",
	}
	switch {
	case first.Owner.String() != second.Owner.String():
		finding.Message = fmt.Sprintf("port %d of %s is also in Mesh %q, with other settings, and a namespace has one set of them for a host",
			second.Port(), second.Entry.URL.Host, first.Owner.Name)
		finding.Try = "the same in both Meshes"
	case first.Originates() != second.Originates():
		finding.Message = fmt.Sprintf("port %d of %s is there twice: on one port, either the application speaks TLS or the sidecar",
			second.Port(), second.Entry.URL.Host)
		finding.Try = "another port for the calls that the sidecar encrypts, such as tls: {mode: originate, port: 8080}"
	}
	p.report(finding)
}

// sharedPorts warns of TCP connections that only an address tells apart. Without addresses a proxy takes every connection
// to the port for one to the host, unless it answers the DNS queries of its pod.
// https://istio.io/latest/docs/ops/configuration/traffic-management/dns-proxy/#external-tcp-services-without-vips
func (p *planner) sharedPorts() {
	for i := range p.out.External {
		e := &p.out.External[i]
		for j := range e.Ports {
			port := &e.Ports[j]
			if e.Gateway != "" || port.Protocol != facts.TCP || e.AsCalled {
				continue
			}
			other, at := p.alsoOn(e, port.Number)
			if other == "" {
				continue
			}
			p.report(diag.Finding{
				Code: diag.ExternalSharedPort, Severity: diag.Warning, Source: port.URL,
				Message: fmt.Sprintf("connections to port %d may end up at %s or at %s, whichever they are for: nothing but an address tells them apart",
					port.Number, e.Host, other),
				Because: []string{"the proxy knows no address of a TCP host, unless it answers the DNS queries of its pod (ISTIO_META_DNS_CAPTURE)"},
				Related: []diag.Source{at},
				Try:     "addresses: [the addresses of the host, or their CIDR range]",
			})
		}
	}
}

// alsoOn finds something else that the workloads of a namespace call on a port, at no address of its own: another host
// outside the mesh, or HTTP, for which proxies listen on every address.
func (p *planner) alsoOn(e *External, number int32) (what string, at diag.Source) {
	for i := range p.out.External {
		other := &p.out.External[i]
		if other.Host == e.Host || other.Namespace != e.Namespace || other.Gateway != "" || other.AsCalled {
			continue
		}
		for j := range other.Ports {
			if port := &other.Ports[j]; port.Number == number && port.Protocol != facts.TLS {
				return other.Host, port.URL
			}
		}
	}
	return p.httpOn(number)
}

// httpOn finds a Service of the build that speaks HTTP on a port.
func (p *planner) httpOn(number int32) (what string, at diag.Source) {
	for _, service := range p.facts.Services {
		for i := range service.Ports {
			port := &service.Ports[i]
			if port.Number == number && (port.Protocol == facts.HTTP || port.Protocol == facts.GRPC) {
				return fmt.Sprintf("Service %q", service.Name), service.Source(port.Field)
			}
		}
	}
	return "", diag.Source{}
}
