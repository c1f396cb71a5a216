package resolve

import (
	"maps"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// dependents are the pods of the same Mesh that say that they call a Service.
func (r *resolver) dependents(pods *spec.Workload, service *facts.Service) []spec.Caller {
	var out []spec.Caller
	add := func(other *spec.Workload) {
		if other.Owner.String() != pods.Owner.String() {
			return
		}
		for i := range other.Calls {
			call := &other.Calls[i]
			if call.Service != service || len(other.Templates) == 0 {
				continue
			}
			caller := spec.Caller{Methods: call.Methods, Paths: call.Paths, Origin: call.Origin, Why: spec.DependsOn, Text: other.Templates[0].Kind + "/" + other.Templates[0].Name}
			if call.Port != "" {
				caller.Ports = []string{call.Port}
			}
			if caller, ok := r.withIdentities(other.Templates, caller); ok {
				out = append(out, caller)
			}
		}
	}
	for i := range r.out.Services {
		add(&r.out.Services[i].Workload)
	}
	for i := range r.out.Workloads {
		add(&r.out.Workloads[i])
	}
	return out
}

// gatewaysTo are the gateways that expose a Service.
func (r *resolver) gatewaysTo(service *facts.Service) []spec.Caller {
	var out []spec.Caller
	for i := range r.out.Services {
		in := &r.out.Services[i]
		if in.Facts != service {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(in.Expose)) {
			for j := range r.out.Gateways {
				if gateway := &r.out.Gateways[j]; gateway.Name == name {
					out = append(out, spec.Caller{
						Accounts: []facts.Account{{Namespace: gateway.Namespace, Name: gateway.ServiceAccount}}, Gateway: gateway,
						Text: name, Why: spec.Exposed, Origin: spec.Origin{Layer: spec.OwnEntry, Setting: "expose", At: in.At(diag.Join("expose", name))},
					})
				}
			}
		}
	}
	return out
}
