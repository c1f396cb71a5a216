package plan

import (
	"cmp"
	"maps"
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// External is one host outside the mesh, as one side calls it: the workloads of a namespace, or the egress gateway for them.
type External struct {
	Name      string         `json:"name" from:"Hosts"`
	Namespace string         `json:"namespace,omitempty" from:"Mesh"`
	Owner     string         `json:"owner" from:"Mesh"`
	Host      string         `json:"host" from:"Hosts"`
	Address   string         `json:"address,omitempty" from:"Hosts"` // the name to look up, where it is not the host
	Addresses []string       `json:"addresses,omitempty" from:"AddressesAt"`
	AsCalled  bool           `json:"asCalled,omitempty" from:"AsCalledAt"` // connections go to the address that the application chose
	SeenBy    []string       `json:"seenBy"`
	Gateway   string         `json:"gateway,omitempty" from:"GatewayAt"` // the gateway that calls it, "" for workloads
	Ports     []ExternalPort `json:"ports"`

	// StreamIdleTimeout ends connections that are passed through as they are, on whichever port.
	StreamIdleTimeout Value[v1alpha1.Duration] `json:"streamIdleTimeout,omitzero"`

	About       string        `json:"-"` // the name of what the workloads call, whichever side this is
	From        diag.Source   `json:"-"`
	Hosts       []diag.Source `json:"-"` // each place that names the host
	AddressesAt diag.Source   `json:"-"`
	AsCalledAt  diag.Source   `json:"-"`
	GatewayAt   diag.Source   `json:"-"`
	Mesh        diag.Source   `json:"-"` // the name of the owner
}

// ExternalPort is a port of an outside host, by the number on which the application calls.
type ExternalPort struct {
	Port

	Target  int32    `json:"target,omitempty" from:"URL"` // the port of the host, where it is another one
	SNI     string   `json:"sni,omitempty" from:"URL"`    // by which a connection that is passed on names the host
	Through *Through `json:"through,omitempty"`           // the way that calls take, nil for the direct one
	Arrival *Arrival `json:"arrival,omitempty"`           // how calls come to the gateway that makes them, nil for workloads

	URL diag.Source `json:"-"`
}

// externals plans the calls to hosts outside the mesh: one host of a namespace at a time, whoever names it.
func (p *planner) externals() {
	byHost := map[[2]string][]*spec.External{}
	for i := range p.spec.External {
		e := &p.spec.External[i]
		if (p.ahead || e.Stage.Permits(v1alpha1.StageObserve)) && p.checkExternal(e) {
			key := [2]string{e.Namespace, e.Entry.URL.Host}
			byHost[key] = append(byHost[key], e)
		}
	}
	ways := map[string]*Leaving{}
	for _, key := range sortedKeys(byHost) {
		entries := p.mergeExternal(byHost[key])
		host := p.externalHost(entries)
		if p.spec.Egress != nil {
			p.leave(entries, &host, ways)
		}
		p.out.External = append(p.out.External, host)
	}
	p.onePassage(ways)
	for _, namespace := range slices.Sorted(maps.Keys(ways)) {
		p.out.Leaving = append(p.out.Leaving, *ways[namespace])
	}
	slices.SortStableFunc(p.out.External, func(a, b External) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name))
	})
	p.sharedPorts()
}

func sortedKeys(of map[[2]string][]*spec.External) [][2]string {
	var keys [][2]string
	for key := range of {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	return keys
}

// externalHost decides the calls to one host, on the ports of all its entries.
func (p *planner) externalHost(entries []*spec.External) External {
	first := entries[0]
	out := External{
		Name: first.ObjectName(), Namespace: first.Namespace, Owner: first.Owner.String(), Host: first.Entry.URL.Host,
		SeenBy: []string{here}, About: first.ObjectName(), From: first.At(""), Mesh: first.Owner.At,
	}
	for _, e := range entries {
		out.Hosts = append(out.Hosts, e.At("url"))
		if out.Addresses == nil && e.Entry.Addresses != nil {
			out.Addresses, out.AddressesAt = e.Entry.Addresses, e.At("addresses")
		}
	}
	out.AsCalledAt = out.Hosts[0]
	if out.AsCalled = asCalled(first); out.Addresses != nil {
		out.AsCalledAt = out.AddressesAt
	}
	p.externalPorts(entries, &out)
	return out
}

// asCalled reports whether connections go to the address that the application chose: there is no one name to look up, or
// it does not look one up.
func asCalled(e *spec.External) bool { return e.Entry.URL.Wildcard() || len(e.Entry.Addresses) > 0 }

// externalPorts decides the calls on each port, by what decides them for the ports of a Service.
func (p *planner) externalPorts(entries []*spec.External, out *External) {
	in := standIn(entries)
	service := Service{}
	for i, e := range entries {
		port := p.port(in, &in.Ports[i], nil)
		port.Object = func(string) diag.Source { return calledAt(e) }
		port.Policy.Origination = originationOf(e)
		if !e.Stage.Permits(v1alpha1.StageResilience) {
			port.Routes = nil
		}
		service.Ports = append(service.Ports, port)
	}
	p.streamIdle(in, &service)
	p.streamHash(in, &service)
	out.StreamIdleTimeout = service.StreamIdleTimeout
	for i, e := range entries {
		port := ExternalPort{Port: service.Ports[i], URL: e.At("url")}
		if e.Entry.URL.Port != port.Number {
			port.Target = e.Entry.URL.Port
		}
		if port.Protocol == facts.TLS {
			port.SNI = e.Entry.URL.Host
		}
		out.Ports = append(out.Ports, port)
	}
}

// standIn is a host as a Service, for what is decided about both alike.
func standIn(entries []*spec.External) *spec.Service {
	first := entries[0]
	in := &spec.Service{
		Facts: &facts.Service{Identity: facts.Identity{
			Item: first.Item, Kind: spec.ServiceEntry, Name: first.ObjectName(), Namespace: first.Namespace,
		}},
		Owner: first.Owner, At: first.At, Stage: first.Stage,
	}
	for _, e := range entries {
		in.Ports = append(in.Ports, spec.Port{
			Facts:   &facts.Port{Number: e.Port(), Protocol: spoken(e), Field: e.Field + ".url"},
			Traffic: e.Traffic, Origins: e.Origins,
		})
	}
	return in
}

// outside reports whether a Service stands in for a host outside the mesh.
func outside(in *spec.Service) bool { return in.Facts.Kind == spec.ServiceEntry }

// calledAt is where the port is written on which the application calls.
func calledAt(e *spec.External) diag.Source {
	switch {
	case !e.Originates():
		return e.At("url")
	case e.Entry.TLS.Port != nil:
		return e.At("tls.port")
	}
	return e.At("tls")
}

// spoken is what the sidecar sees of the calls.
func spoken(e *spec.External) facts.Protocol {
	switch scheme := e.Entry.URL.Scheme; {
	case e.Entry.URL.Encrypted() && !e.Originates():
		return facts.TLS
	case scheme == "http", scheme == "https":
		return facts.HTTP
	case scheme == "grpc", scheme == "grpcs":
		return facts.GRPC
	}
	return facts.TCP
}
