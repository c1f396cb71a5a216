package plan

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// skipInboundAnnotation names ports that the sidecar does not see.
const skipInboundAnnotation = "traffic.sidecar.istio.io/excludeInboundPorts"

// guardedPorts are the ports of the pods on which a proxy sees requests: those that some Service calls HTTP or gRPC. A
// policy without ports would refuse every connection to the others, because Istio leaves out what it cannot see there.
// https://istio.io/latest/docs/ops/common-problems/security-issues/#make-sure-you-are-not-using-http-only-fields-on-tcp-ports
func (p *planner) guardedPorts(workload *facts.Workload, pod *Pod, from spec.Origin) (GuardedCalls, bool) {
	scope := GuardedCalls{From: from}
	ok := true
	var open []openPort
	for _, service := range workload.Services {
		for i := range service.Ports {
			port := &service.Ports[i]
			switch {
			case port.Protocol == facts.HTTP || port.Protocol == facts.GRPC:
				number, known := workload.Target(port)
				ok = p.guardable(workload, pod, service, port, number, known, from) && ok
				if !slices.Contains(scope.Ports, number) {
					scope.Ports = append(scope.Ports, number)
				}
				scope.PortsAt = append(scope.PortsAt, service.Source(diag.Join(port.Field, "port")))
			case port.Protocol != facts.UDP:
				open = append(open, openPort{service, port})
			}
		}
	}
	slices.Sort(scope.Ports)
	if len(scope.Ports) == 0 {
		p.refuseUnguardable(workload, open, from)
		return scope, false
	}
	return scope, p.sayOpen(workload, open, &scope, from) && ok
}

// openPort is a port of a Service on which no token can be asked for.
type openPort struct {
	service *facts.Service
	port    *facts.Port
}

// guardable refuses a port whose number is not known, or that the sidecar does not see. Both would leave it open.
func (p *planner) guardable(workload *facts.Workload, pod *Pod, service *facts.Service, port *facts.Port, number int32, known bool, from spec.Origin) bool {
	finding := diag.Finding{Code: diag.AuthNotHTTP, Source: from.At, Related: []diag.Source{service.Source(port.Field)}}
	hidden := append(facts.PortList(workload.Annotations[skipInboundAnnotation]), pod.Proxy.SkipInbound.V...)
	switch {
	case !known:
		finding.Message = fmt.Sprintf("port %q of Service %q leads to %q, which no container of %s %q lists, so that nobody knows which port to guard",
			port.Key(), service.Name, port.TargetPort, workload.Kind, workload.Name)
		finding.Try = "a number as targetPort, or a port of that name in the container"
	case slices.Contains(hidden, number):
		finding.Message = fmt.Sprintf("auth cannot guard port %d of %s %q, which is excluded from its sidecar", number, workload.Kind, workload.Name)
		finding.Try = "leave the port to the sidecar, or remove auth"
	default:
		return true
	}
	p.report(finding)
	return false
}

// refuseUnguardable refuses to guard pods of which no port is known to speak HTTP. A default is skipped there, and what Istio
// only guesses is said all the same.
func (p *planner) refuseUnguardable(workload *facts.Workload, open []openPort, from spec.Origin) {
	if !from.Explicit() {
		p.sayOpen(workload, open, &GuardedCalls{}, from)
		p.skipForPods(workload, "auth", "none of its ports is HTTP or gRPC", from)
		return
	}
	finding := diag.Finding{
		Code: diag.AuthNotHTTP, Source: from.At,
		Message: fmt.Sprintf("auth asks for something in requests, and %s %q has no port that is HTTP or gRPC", workload.Kind, workload.Name),
		Try:     "if it does speak HTTP, set appProtocol: http (or grpc) on the port of its Service; otherwise remove auth, or use callers",
	}
	if len(workload.Services) == 0 {
		finding.Message = fmt.Sprintf("auth asks for something in requests, and no Service says which ports of %s %q speak HTTP", workload.Kind, workload.Name)
		finding.Try = "a Service for its pods, with appProtocol: http on the port, or remove auth"
	}
	for _, one := range open {
		finding.Related = append(finding.Related, one.service.Source(one.port.Field))
	}
	p.report(finding)
}

// sayOpen says which ports beside the guarded ones take calls without a token, and refuses to guess what they speak. Where
// callers are listed, they are what guards a port that is not HTTP.
func (p *planner) sayOpen(workload *facts.Workload, open []openPort, guarded *GuardedCalls, from spec.Origin) bool {
	ok := true
	for _, one := range open {
		number, _ := workload.Target(one.port)
		switch {
		case slices.Contains(guarded.Ports, number): // Another Service knows better, and the port is guarded.
		case one.port.Protocol == facts.Sniffed:
			ok = p.refuseGuessed(one, from) && ok
		case p.listsCallers(workload):
		case !from.Explicit():
			p.skipForPods(workload, "auth", fmt.Sprintf("port %q is %s", one.port.Key(), one.port.Protocol), from)
		default:
			p.report(diag.Finding{
				Code: diag.AuthNotHTTP, Severity: diag.Warning, Source: from.At, Related: []diag.Source{one.service.Source(one.port.Field)},
				Message: fmt.Sprintf("auth leaves port %q of Service %q open, which is %s: calls to it need nothing", one.port.Key(), one.service.Name, one.port.Protocol),
				Try:     "callers: […], which hold for every port; if it does speak HTTP, appProtocol: http on the Service port",
			})
		}
	}
	return ok
}

// refuseGuessed refuses a port of which nobody says what it speaks. By default it is left open, and that is said.
func (p *planner) refuseGuessed(one openPort, from spec.Origin) bool {
	finding := diag.Finding{
		Code: diag.AuthNotHTTP, Source: from.At, Related: []diag.Source{one.service.Source(one.port.Field)},
		Message: fmt.Sprintf("nobody says what port %q of Service %q speaks, so auth would either leave it open or refuse what is not HTTP", one.port.Key(), one.service.Name),
		Try:     "appProtocol: http on the Service port (or tcp, which leaves it open); for metrics, exceptPaths: [/metrics] lets the scraper in",
	}
	if !from.Explicit() {
		finding.Severity, finding.Source, finding.Related = diag.Warning, one.service.Source(one.port.Field), []diag.Source{from.At}
		finding.Message = fmt.Sprintf("auth leaves port %q of Service %q open, because nobody says what it speaks: calls to it need nothing", one.port.Key(), one.service.Name)
	}
	p.report(finding)
	return !from.Explicit()
}

// listsCallers reports whether somebody lists who may call a workload.
func (p *planner) listsCallers(workload *facts.Workload) bool {
	return slices.ContainsFunc(p.workloads(), func(settings *spec.Workload) bool {
		return settings.Callers != nil && slices.Contains(settings.Templates, workload)
	})
}
