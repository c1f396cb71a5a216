package plan

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// streamHash finds connections that would be spread without their key. For what is passed through as it is, Istio reads
// useSourceIp from the settings of the whole Service and never from those of a port, so the ports may not differ.
// https://github.com/istio/istio/blob/1.31.0/pilot/pkg/networking/core/networkfilter.go
func (p *planner) streamHash(in *spec.Service, out *Service) {
	for i := range out.Ports {
		port := &out.Ports[i]
		if !passesThrough(port.Protocol) || port.Policy.Balance == nil || port.Policy.Balance.Hash == nil || alike(out.Ports) {
			continue
		}
		const why = "the connections of a TCP port keep to their pod only where all ports of the Service have the same settings"
		from := port.Policy.Balance.Hash.SourceIP.From
		if !from.Explicit() {
			p.skip(in, &in.Ports[i], "loadBalancer.consistentHash", why, from)
			port.Policy.Balance = nil
			continue
		}
		p.report(diag.Finding{
			Code: diag.LoadBalancerChoice, Source: from.At,
			Message: fmt.Sprintf("useSourceIp has no effect on port %q of Service %q: %s", in.Ports[i].Facts.Key(), in.Facts.Name, why),
			Related: []diag.Source{in.Facts.Source(in.Ports[i].Facts.Field)},
			Try:     "the same settings for all ports, or a Service of its own for this one",
		})
	}
}

// alike reports whether all ports are treated the same, which is when their settings stand above the ports.
func alike(ports []Port) bool {
	for i := 1; i < len(ports); i++ {
		if !Same(ports[0].Policy, ports[i].Policy) {
			return false
		}
	}
	return true
}
