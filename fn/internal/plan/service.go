package plan

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Service is one Service as its callers will treat it.
type Service struct {
	Name      string  `json:"name" from:"Object:metadata.name"`
	Namespace string  `json:"namespace,omitempty" from:"Object:metadata.namespace"`
	Owner     string  `json:"owner" from:"Mesh"`
	Splits    []Split `json:"splits,omitempty"`
	Ports     []Port  `json:"ports,omitempty"`

	// Who sees the routes and the policies, where that is not what holds anyway.
	RoutesSeenBy   []string `json:"routesSeenBy,omitempty" from:"RoutesSeen"`
	PoliciesSeenBy []string `json:"policiesSeenBy,omitempty" from:"PoliciesSeen"`

	From   diag.Source  `json:"-"`
	Mesh   diag.Source  `json:"-"` // the name of the owner
	Object spec.Located `json:"-"` // fields of the Service itself

	RoutesSeen, PoliciesSeen []spec.Origin `json:"-"` // what decides who sees them

	// StreamIdleTimeout ends connections that are passed through as they are, on whichever port.
	StreamIdleTimeout Value[v1alpha1.Duration] `json:"streamIdleTimeout,omitzero"`
}

// Port is one port of a Service.
type Port struct {
	Name     string         `json:"name,omitempty"`
	Number   int32          `json:"number" from:"Object:port"`
	Protocol facts.Protocol `json:"protocol"`
	Only     bool           `json:"only,omitempty"` // the Service has no other port, so nothing needs to match it
	Routes   []Route        `json:"routes,omitempty"`
	Policy   Policy         `json:"policy,omitzero"`
	Object   spec.Located   `json:"-"` // fields of the port in the Service itself
}

// Key is how users name the port: by its name, or by its number where it has none.
func (port *Port) Key() string {
	if port.Name != "" {
		return port.Name
	}
	return strconv.Itoa(int(port.Number))
}

// Policy is how a caller's proxy treats the pods behind a port. Each block is nil when nothing was asked for.
type Policy struct {
	Limits   *Limits   `json:"limits,omitempty"`
	Ejection *Ejection `json:"ejection,omitempty"`
	Balance  *Balance  `json:"balance,omitempty"`

	Origination *Origination `json:"origination,omitempty"` // TLS that the caller's proxy speaks, only to hosts outside the mesh
}

// IsZero reports whether the policy says nothing.
func (p Policy) IsZero() bool { return p == Policy{} }

// service plans the calls to one Service.
func (p *planner) service(in *spec.Service) {
	out := Service{
		Name: in.Facts.Name, Namespace: in.Facts.Namespace, Owner: in.Owner.String(), From: in.At(""),
		Mesh: in.Owner.At, Object: in.Facts.Source,
	}
	out.Splits = p.splits(in)
	for i := range in.Ports {
		out.Ports = append(out.Ports, p.port(in, &in.Ports[i], out.Splits))
	}
	p.streamIdle(in, &out)
	p.streamHash(in, &out)
	p.ejectPerSplit(in, &out)
	p.respectManage(in, &out)
	if !in.Stage.Permits(v1alpha1.StageResilience) { // Gateways have routes of their own.
		for i := range out.Ports {
			out.Ports[i].Routes = nil
		}
	}
	out.RoutesSeenBy = p.seenBy(in, p.spec.Istio.Mesh.DefaultVirtualServiceExportTo, false)
	out.PoliciesSeenBy = p.seenBy(in, p.spec.Istio.Mesh.DefaultDestinationRuleExportTo, true)
	out.RoutesSeen = p.seenBecause(in, "meshConfig.defaultVirtualServiceExportTo")
	out.PoliciesSeen = p.seenBecause(in, "meshConfig.defaultDestinationRuleExportTo")
	p.out.Services = append(p.out.Services, out)
}

func (p *planner) port(in *spec.Service, port *spec.Port, splits []Split) Port {
	out := Port{
		Name: port.Facts.Name, Number: port.Facts.Number, Protocol: port.Facts.Protocol, Only: len(in.Ports) == 1,
		Object: portOf(in.Facts, port.Facts),
	}
	out.Routes = p.routes(in, port, splits)
	out.Policy.Limits = p.limits(in, port)
	out.Policy.Ejection = p.ejection(in, port)
	out.Policy.Balance = p.balance(in, port, &out.Policy)
	return out
}

// portOf finds the fields of a port in the Service itself.
func portOf(service *facts.Service, port *facts.Port) spec.Located {
	return func(field string) diag.Source { return service.Source(diag.Join(port.Field, field)) }
}

// applies decides whether a setting can hold on a port. What was written for this port, or for a Service of which no port
// can take it, is an error; a default, or a setting of the Service that its other ports take, is skipped.
func (p *planner) applies(in *spec.Service, port *spec.Port, setting string) bool {
	return p.appliesWith(in, port, setting, spec.NeedOf(setting))
}

// appliesWith decides it for a setting that needs more in the form in which it is written.
func (p *planner) appliesWith(in *spec.Service, port *spec.Port, setting string, need spec.Need) bool {
	if need.Port(port.Facts.Protocol) {
		return true
	}
	origin := port.Origins.Within(setting)
	if skippable(in, origin, need.Port) {
		p.skip(in, port, setting, missing(need, port), origin)
		return false
	}
	p.report(diag.Finding{
		Code: diag.WrongProtocol, Source: origin.At,
		Message: fmt.Sprintf("%s needs %s, and port %q of Service %q is %s", setting, need.Text, port.Facts.Key(), in.Facts.Name, port.Facts.Protocol),
		Because: []string{becauseProtocol(port.Facts.Protocol)},
		Related: []diag.Source{in.Facts.Source(port.Facts.Field)},
		Try:     tryProtocol(port.Facts.Protocol, setting),
	})
	return false
}

// missing is why a port cannot take a setting.
func missing(need spec.Need, port *spec.Port) string {
	return fmt.Sprintf("it needs %s, and this one is %s", need.Text, port.Facts.Protocol)
}

// skippable reports whether a setting that a port cannot take may pass it by: a default, and a setting of the Service that
// its other ports take.
func skippable(in *spec.Service, origin spec.Origin, possible func(facts.Protocol) bool) bool {
	elsewhere := slices.ContainsFunc(in.Ports, func(other spec.Port) bool { return possible(other.Facts.Protocol) })
	return !origin.Explicit() || origin.Layer == spec.OwnEntry && elsewhere
}

func becauseProtocol(protocol facts.Protocol) string {
	if protocol == facts.UDP {
		return "proxies leave UDP alone"
	}
	if protocol == facts.TLS {
		return "the application encrypts the connection itself, so a proxy sees no requests in it"
	}
	return "Istio takes the protocol from appProtocol or the prefix of the port's name"
}

func tryProtocol(protocol facts.Protocol, setting string) string {
	if protocol == facts.UDP {
		return "remove " + setting
	}
	try := "if the port does speak it, set appProtocol: http (or grpc) on the Service port"
	if protocol == facts.TLS {
		try = "if the application can speak plain HTTP and leave encryption to the mesh, set appProtocol: http on the Service port"
	}
	return try + "; otherwise remove " + setting
}

// turnedOff reports whether a setting was written only to have none of it.
func turnedOff(port *spec.Port, setting string) bool {
	traffic := &port.Traffic
	switch setting {
	case "timeout":
		return traffic.Timeout != nil && *traffic.Timeout == 0
	case "retries":
		return traffic.Retries.Off()
	case "circuitBreaker":
		return traffic.CircuitBreaker != nil && traffic.CircuitBreaker.Off()
	case "outlierDetection":
		return traffic.OutlierDetection != nil && traffic.OutlierDetection.Off()
	case "loadBalancer":
		return traffic.LoadBalancer != nil && traffic.LoadBalancer.Off()
	}
	return false
}
