package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// plainHTTP is the port that http:// does not name.
const plainHTTP = 80

// Leaving is the way by which the calls of one namespace leave the mesh through a gateway.
type Leaving struct {
	Name      string            `json:"name" from:"At:service"`
	Namespace string            `json:"namespace" from:"Mesh"`
	Owner     string            `json:"owner" from:"Mesh"`
	Selector  map[string]string `json:"selector" from:"At:selector"`
	Service   string            `json:"service" from:"At:service"`
	In        string            `json:"in" from:"At:service"` // the namespace of the Service
	Reads     *Reads            `json:"reads,omitempty"`      // calls that the gateway reads, nil for none
	Passes    []Passes          `json:"passes,omitempty"`     // connections that it passes on as they are

	From diag.Source  `json:"-"`
	Mesh diag.Source  `json:"-"` // the name of the owner
	At   spec.Located `json:"-"` // fields of the gateway in the profile
}

// Reads is how calls come to the gateway that it reads.
type Reads struct {
	Port  int32  `json:"port" from:"PortFrom"`
	Hosts string `json:"hosts" from:"Mesh"` // the names of the calls of this namespace
	SNI   string `json:"sni" from:"Mesh"`   // by which the connection names the namespace

	PortFrom spec.Origin `json:"-"`
	Mesh     diag.Source `json:"-"`
}

// Passes is one host of connections that the gateway passes on.
type Passes struct {
	Name string `json:"name"`
	Host string `json:"host"`
	Port int32  `json:"port" from:"PortFrom"`

	From     diag.Source `json:"-"`
	PortFrom spec.Origin `json:"-"`

	target int32 // the port of the host
}

// Through is the gateway that calls to a port of a host go through.
type Through struct {
	Service string  `json:"service" from:"At:service"`
	In      string  `json:"in" from:"At:service"`
	Port    int32   `json:"port" from:"PortFrom"`
	Called  string  `json:"called,omitempty" from:"URL"` // what the host is called at the gateway, "" for what is passed on as it is
	Retries Retries `json:"retries,omitzero"`            // of the way to the gateway

	At       spec.Located `json:"-"`
	PortFrom spec.Origin  `json:"-"`
	URL      diag.Source  `json:"-"`
}

// Arrival is how calls for a port come to the gateway: by the name or, for what is passed on as it is, by the SNI.
type Arrival struct {
	Port      int32  `json:"port" from:"PortFrom"`
	Called    string `json:"called,omitempty" from:"URL"`
	Authority string `json:"authority,omitempty" from:"URL"` // what the host is to hear as its name

	PortFrom spec.Origin `json:"-"`
	URL      diag.Source `json:"-"`
}

// leave takes the calls to a host through the egress gateway. What the gateway does with them stands under a name that has
// the namespace in it: the gateway is shared, and what one namespace says of a host may not hold for another.
func (p *planner) leave(entries []*spec.External, host *External, ways map[string]*Leaving) {
	if !entries[0].Stage.Permits(v1alpha1.StageResilience) || !p.canLeave(entries, host) {
		return
	}
	egress := p.spec.Egress
	way := ways[host.Namespace]
	if way == nil {
		way = &Leaving{
			Name: egress.Service, Namespace: host.Namespace, Owner: host.Owner, Selector: egress.Selector,
			Service: egress.Service, In: egress.Namespace, From: host.From, Mesh: host.Mesh, At: egress.At,
		}
		ways[host.Namespace] = way
	}
	called := host.Name + "." + host.Namespace + spec.EgressDomain
	beyond := External{
		Name: spec.Shortened(host.Name + "-egress"), Namespace: host.Namespace, Owner: host.Owner, Host: called, Address: host.Host,
		SeenBy: inOrder([]string{egress.Namespace}, host.Namespace), Gateway: way.Name, StreamIdleTimeout: host.StreamIdleTimeout,
		About: host.About, From: host.From, Hosts: host.Hosts, AsCalledAt: host.AsCalledAt, GatewayAt: egress.At("service"), Mesh: host.Mesh,
	}
	host.StreamIdleTimeout = Value[v1alpha1.Duration]{}
	for i := range host.Ports {
		port := &host.Ports[i]
		beyond.Ports = append(beyond.Ports, *port)
		p.through(port, &beyond.Ports[i], way, called, host)
	}
	p.out.External = append(p.out.External, beyond)
}

// through sends the calls to a port to the gateway, and leaves to it what is said of them.
func (p *planner) through(port, beyond *ExternalPort, way *Leaving, called string, host *External) {
	egress := p.spec.Egress
	port.Policy = Policy{Origination: port.Policy.Origination}
	port.Through = &Through{Service: egress.Service, In: egress.Namespace, At: egress.At, URL: port.URL}
	beyond.Arrival = &Arrival{URL: port.URL}
	if port.Protocol == facts.TLS {
		port.Through.Port, port.Through.PortFrom = egress.TLSPort, egress.TLSFrom
		beyond.Arrival.Port, beyond.Arrival.PortFrom = egress.TLSPort, egress.TLSFrom
		way.Passes = append(way.Passes, Passes{
			Name: fmt.Sprintf("tls-%s", host.Name), Host: host.Host, Port: egress.TLSPort, From: port.URL, PortFrom: egress.TLSFrom,
			target: port.Number,
		})
		return
	}
	if way.Reads == nil {
		domain := host.Namespace + spec.EgressDomain
		way.Reads = &Reads{Port: egress.HTTPPort, Hosts: "*." + domain, SNI: "calls." + domain, PortFrom: egress.HTTPFrom, Mesh: host.Mesh}
	}
	if port.Number != host.Ports[0].Number { // All calls come to the gateway on one port.
		called = fmt.Sprintf("port-%d.%s", port.Number, called)
	}
	port.Through.Port, port.Through.PortFrom, port.Through.Called = egress.HTTPPort, egress.HTTPFrom, called
	port.Through.Retries = Retries{
		Attempts: Value[int32]{2, spec.Computed("retries.attempts", "Istio's own number, said explicitly, for the way to the egress gateway")},
		On:       Value[string]{safeConditions(port.Protocol), spec.Computed("retries.retryOn", "conditions "+safely)},
	}
	beyond.Arrival.Port, beyond.Arrival.PortFrom, beyond.Arrival.Called = egress.HTTPPort, egress.HTTPFrom, called
	if beyond.Arrival.Authority = host.Host; port.Number != plainHTTP {
		beyond.Arrival.Authority += fmt.Sprintf(":%d", port.Number)
	}
}

// canLeave says which calls the gateway cannot take: it tells calls apart by the names of hosts, and has to look up where
// they are.
func (p *planner) canLeave(entries []*spec.External, host *External) bool {
	var why, try string
	switch {
	case host.Namespace == "":
		p.report(diag.Finding{
			Code: diag.AmbiguousNamespace, Source: host.From,
			Message: fmt.Sprintf("calls to %s leave through the egress gateway under the name of their namespace, and this Mesh has none", host.Host),
			Related: []diag.Source{p.spec.Egress.At("")},
			Try:     spec.SetNamespace,
		})
		return false
	case strings.HasPrefix(host.Host, "*."):
		why, try = "the gateway cannot know which host to look up for a wildcard", "an entry for each host"
	case host.AsCalled:
		why, try = "the gateway does not learn which of its addresses the application chose", "no addresses, where DNS knows the host"
	}
	for _, e := range entries {
		if why == "" && spoken(e) == facts.TCP {
			why, try = "nothing in a TCP connection tells the gateway which host it is for", "https or tls in the URL, where the application speaks TLS"
		}
	}
	if why == "" {
		return p.oneEncrypted(entries, host)
	}
	p.report(diag.Finding{
		Code: diag.ExternalPastGateway, Severity: diag.Warning, Source: entries[0].At("url"),
		Message: fmt.Sprintf("calls to %s do not go through the egress gateway: %s", host.Host, why),
		Related: []diag.Source{p.spec.Egress.At("")},
		Try:     try,
	})
	return false
}

// oneEncrypted refuses two ports of one host that the gateway would pass on: the SNI of a connection names no port.
func (p *planner) oneEncrypted(entries []*spec.External, host *External) bool {
	var first *spec.External
	for _, e := range entries {
		switch {
		case spoken(e) != facts.TLS:
		case first == nil:
			first = e
		default:
			p.report(diag.Finding{
				Code: diag.ExternalTwice, Source: e.At("url"),
				Message: fmt.Sprintf("the egress gateway cannot tell the TLS connections to ports %d and %d of %s apart: they name the host and no port",
					first.Port(), e.Port(), host.Host),
				Related: []diag.Source{first.At("url")},
				Try:     "tls: originate for one of the two, with an http:// URL in the application",
			})
			return false
		}
	}
	return true
}

// onePassage refuses two namespaces that pass TLS on to different ports of one host: the gateway knows the host by the SNI
// alone, and has one passage for it.
func (p *planner) onePassage(ways map[string]*Leaving) {
	first := map[string]*Passes{}
	for _, namespace := range slices.Sorted(maps.Keys(ways)) {
		for i := range ways[namespace].Passes {
			passes := &ways[namespace].Passes[i]
			before := first[passes.Host]
			if before == nil {
				first[passes.Host] = passes
				continue
			}
			if before.target != passes.target {
				p.report(diag.Finding{
					Code: diag.ExternalTwice, Source: passes.From, Related: []diag.Source{before.From},
					Message: fmt.Sprintf("the egress gateway passes TLS connections to %s on to port %d here and to port %d elsewhere, and they name the host and no port",
						passes.Host, passes.target, before.target),
					Try: "tls: originate for one of the two, with an http:// URL in the application",
				})
			}
		}
	}
}
