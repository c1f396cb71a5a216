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
	r.eachPods(func(other *spec.Workload, _ *facts.Service) {
		if other.Owner.String() != pods.Owner.String() || len(other.Templates) == 0 {
			return
		}
		for i := range other.Calls {
			if other.Calls[i].Service != service {
				continue
			}
			if caller, ok := r.dependent(other, &other.Calls[i]); ok {
				out = append(out, caller)
			}
		}
	})
	return out
}

// dependent is who makes a call, as somebody who may.
func (r *resolver) dependent(pods *spec.Workload, call *spec.Dependency) (spec.Caller, bool) {
	caller := spec.Caller{
		Methods: call.Methods, Paths: call.Paths, Origin: call.Origin, Why: spec.DependsOn,
		Text: pods.Templates[0].Kind + "/" + pods.Templates[0].Name,
	}
	if call.Port != "" {
		caller.Ports = []string{call.Port}
	}
	return r.withIdentities(pods.Templates, caller)
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
