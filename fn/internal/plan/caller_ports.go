package plan

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// target is a port of pods that a caller may call.
type target struct {
	number   int32
	protocol facts.Protocol
	port     *facts.Port // of the Service, nil for a port that only a container lists
}

// portsFor are the ports of the pods that an entry of the callers is for: policies know no others. All is for all of them,
// which only pods without a Service can have: elsewhere an entry is for the ports of its Service.
func (p *planner) portsFor(workload *facts.Workload, service *spec.Service, caller *spec.Caller) (ports []int32, all bool) {
	var targets []target
	switch {
	case len(caller.Ports) > 0:
		for _, key := range caller.Ports {
			if found, ok := p.targetOf(workload, service, caller, key); ok {
				targets = append(targets, found)
			}
		}
	case service == nil:
		return nil, true
	default:
		for i := range service.Facts.Ports {
			if found, ok := p.targetOf(workload, service, caller, service.Facts.Ports[i].Key()); ok {
				targets = append(targets, found)
			}
		}
	}
	for i := range targets {
		if p.narrows(workload, service, caller, &targets[i]) {
			ports = append(ports, targets[i].number)
		}
	}
	slices.Sort(ports)
	return slices.Compact(ports), false
}

// targetOf finds a port by its key: among those of the Service, and for pods without one, and for callers of every Service,
// among those that the containers list. Whoever is let in everywhere passes by pods that do not have the port.
func (p *planner) targetOf(workload *facts.Workload, service *spec.Service, caller *spec.Caller, key string) (target, bool) {
	if service != nil {
		if port := service.Facts.Port(key); port != nil {
			return p.servicePort(workload, service, caller, port)
		}
	}
	if number, ok := workload.Listed(key); ok {
		return target{number: number, protocol: facts.Sniffed}, true
	}
	number, err := strconv.ParseInt(key, 10, 32)
	if err != nil || caller.Why == spec.Always && !workload.Lists(int32(number)) {
		return target{}, false
	}
	return target{number: int32(number), protocol: facts.Sniffed}, true
}

// servicePort is where a port of the Service leads to.
func (p *planner) servicePort(workload *facts.Workload, service *spec.Service, caller *spec.Caller, port *facts.Port) (target, bool) {
	number, ok := workload.Target(port)
	switch {
	case !port.Protocol.Proxied():
		if len(caller.Ports) > 0 && caller.Why != spec.Always {
			p.report(diag.Finding{
				Code: diag.CallerOperation, Source: caller.Origin.At,
				Message: fmt.Sprintf("nobody can be refused on port %q of Service %q: it is UDP, which proxies leave alone", port.Key(), service.Facts.Name),
				Related: []diag.Source{service.Facts.Source(port.Field)},
				Try:     "ports without it",
			})
		}
		return target{}, false
	case !ok:
		p.report(diag.Finding{
			Code: diag.CallerOperation, Source: caller.Origin.At,
			Message: fmt.Sprintf("a permission is for a port of the pods, and no container of %s %q has the port %q that port %q of Service %q leads to",
				workload.Kind, workload.Name, port.TargetPort, port.Key(), service.Facts.Name),
			Related: []diag.Source{service.Facts.Source(port.Field)},
			Try:     "the name or number of a port of the pods as targetPort",
		})
		return target{}, false
	}
	return target{number, port.Protocol, port}, true
}

// narrows reports whether a port can hold the methods and paths of an entry. A rule with them never matches on a port that is
// not HTTP, so that the caller would be refused.
func (p *planner) narrows(workload *facts.Workload, service *spec.Service, caller *spec.Caller, to *target) bool {
	finding := diag.Finding{Code: diag.CallerOperation, Source: caller.Origin.At}
	switch {
	case len(caller.Methods)+len(caller.Paths) == 0:
		return true
	case !to.protocol.Routable():
		finding.Message = fmt.Sprintf("methods and paths need HTTP or gRPC, and port %q of Service %q, which %s may call, is %s",
			to.port.Key(), service.Facts.Name, quotedText(caller), to.protocol)
		finding.Because = []string{becauseProtocol(to.protocol)}
		finding.Try = "neither methods nor paths"
		if ports := portsThat(service, facts.Protocol.Routable); ports != "" {
			finding.Try = "ports: [" + ports + "], or " + finding.Try
		}
	case to.protocol == facts.GRPC && len(caller.Methods) > 0 && !slices.Contains(caller.Methods, "POST"):
		finding.Message = fmt.Sprintf("every gRPC call is a POST, so %s could not call port %q of Service %q at all", quotedText(caller), to.port.Key(), service.Facts.Name)
		finding.Try = "paths: [{exact: /package.Service/Method}] without methods"
	default:
		return true
	}
	if caller.Why == spec.Always || !firm(caller.Origin) {
		p.skipForPods(workload, caller.Origin.Setting, finding.Message, caller.Origin)
		return false
	}
	finding.Related = []diag.Source{service.Facts.Source(to.port.Field)}
	p.report(finding)
	return false
}

func quotedText(caller *spec.Caller) string { return strconv.Quote(caller.Text) }

// portsThat lists the ports of a Service that fit.
func portsThat(service *spec.Service, fits func(facts.Protocol) bool) string {
	var keys []string
	for i := range service.Facts.Ports {
		if port := &service.Facts.Ports[i]; fits(port.Protocol) {
			keys = append(keys, port.Key())
		}
	}
	return diag.OneOf(keys)
}
