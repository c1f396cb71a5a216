package plan

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// entryPort decides which port of the Service gets the calls, and what happens to them.
func (p *planner) entryPort(service *spec.Service, expose *v1alpha1.Expose, field string) (*facts.Port, []Route) {
	planned := p.planned(service)
	if planned == nil {
		return nil, nil
	}
	var routable []int
	var names []string
	for i := range service.Ports {
		if service.Ports[i].Facts.Protocol.Routable() {
			routable = append(routable, i)
			names = append(names, service.Ports[i].Facts.Key())
		}
	}
	if expose.Port == nil {
		if len(routable) == 1 {
			return service.Ports[routable[0]].Facts, p.entryRoutes(service, routable[0], planned)
		}
		problem := fmt.Sprintf("Service %q has no HTTP or gRPC port", service.Facts.Name)
		if len(routable) > 1 {
			problem = fmt.Sprintf("Service %q has %d HTTP or gRPC ports, and nothing says which one gets the calls", service.Facts.Name, len(routable))
		}
		p.refusePort(service, service.At(field+".port"), problem, "", names)
		return nil, nil
	}
	wanted := service.Facts.Port(string(*expose.Port))
	for _, i := range routable {
		if wanted == service.Ports[i].Facts {
			return wanted, p.entryRoutes(service, i, planned)
		}
	}
	p.refusePort(service, service.At(field+".port"), fmt.Sprintf("Service %q has no HTTP or gRPC port %q", service.Facts.Name, *expose.Port), string(*expose.Port), names)
	return nil, nil
}

// entryRoutes are the routes that callers inside the mesh have too. Where the user keeps those in their own hands, the
// entry still needs some.
func (p *planner) entryRoutes(service *spec.Service, port int, planned *Service) []Route {
	if routes := planned.Ports[port].Routes; len(routes) > 0 {
		return routes
	}
	again := planner{spec: p.spec, facts: p.facts, out: &Plan{}} // What there is to say was said.
	return again.routes(service, &service.Ports[port], planned.Splits)
}

func (p *planner) refusePort(service *spec.Service, at diag.Source, problem, asked string, names []string) {
	finding := diag.Finding{
		Code: diag.AmbiguousPort, Source: at, Message: problem, Related: []diag.Source{service.Facts.Source("spec.ports")},
	}
	if len(names) > 0 {
		proposed, near := diag.Nearest(asked, names)
		if !near {
			proposed = names[0]
		}
		finding.Message += "; allowed: " + diag.OneOf(names)
		finding.Try, finding.Proposed = "port: "+proposed, proposed
	} else {
		finding.Try = "set appProtocol: http (or grpc) on the Service port that is to be reached"
	}
	p.report(finding)
}

// planned is the plan of a Service, which is made before its entries.
func (p *planner) planned(service *spec.Service) *Service {
	for i := range p.out.Services {
		if p.out.Services[i].Name == service.Facts.Name && p.out.Services[i].Namespace == service.Facts.Namespace {
			return &p.out.Services[i]
		}
	}
	return nil
}
