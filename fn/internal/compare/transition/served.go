package transition

import (
	"slices"
	"strings"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

type gateway = cluster.Object[*networking.Gateway]

// served is a host that some gateway's pods serve on a port, by one of the VirtualServices for it.
type served struct {
	gateway  *gateway
	server   *networking.Server
	field    string // of the server
	vs       *virtualService
	host     string
	selector string // of the pods
}

func (s *served) port() uint32 { return s.server.GetPort().GetNumber() }

// servedBy lists what the gateways of a build serve.
func servedBy(v *cluster.View) []*served {
	var out []*served
	for _, vs := range v.VirtualServices {
		for _, gateway := range v.Gateways {
			if !bound(vs, gateway) {
				continue
			}
			for i := range gateway.Spec.GetServers() {
				out = append(out, servedAtServer(vs, gateway, i)...)
			}
		}
	}
	return out
}

func servedAtServer(vs *virtualService, gateway *gateway, at int) []*served {
	var out []*served
	server := gateway.Spec.GetServers()[at]
	selector := cluster.LabelText(gateway.Spec.GetSelector())
	for _, host := range vs.Spec.GetHosts() {
		for _, opened := range server.GetHosts() {
			if both := common(opened, host, gateway.Namespace, vs.Namespace); both != "" {
				out = append(out, &served{gateway, server, diag.At("spec.servers", at), vs, both, selector})
			}
		}
	}
	return out
}

// bound reports whether a VirtualService names a Gateway.
func bound(vs *virtualService, gateway *gateway) bool {
	return slices.ContainsFunc(vs.Spec.GetGateways(), func(name string) bool {
		namespace, short, qualified := strings.Cut(name, "/")
		if !qualified {
			namespace, short = vs.Namespace, name
		}
		return namespace == gateway.Namespace && short == gateway.Name
	})
}

// common is what a host of a server and one of a VirtualService have in common, "" for nothing.
// https://istio.io/latest/docs/reference/config/networking/gateway/#Server
func common(opened, host, own, namespace string) string {
	if in, name, qualified := strings.Cut(opened, "/"); qualified {
		if in != "*" && in != namespace && (in != "." || own != namespace) {
			return ""
		}
		opened = name
	}
	switch {
	case opened == host || cluster.Covers(opened, host):
		return host
	case cluster.Covers(host, opened):
		return opened
	}
	return ""
}

// takes reports whether something that is served takes a host in.
func (s *served) takes(host string) bool { return s.host == host || cluster.Covers(s.host, host) }

// samePods reports whether two Gateways are for the same pods, as far as their selectors tell: one may say more than the other.
func (s *served) samePods(other *served) bool {
	a, b := s.gateway.Spec.GetSelector(), other.gateway.Spec.GetSelector()
	return s.selector == other.selector || facts.Matches(a, b) || facts.Matches(b, a)
}

// find returns the first of some hosts for which something holds, nil for none.
func find(list []*served, holds func(*served) bool) *served {
	if at := slices.IndexFunc(list, holds); at >= 0 {
		return list[at]
	}
	return nil
}
