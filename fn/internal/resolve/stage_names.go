package resolve

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// refuseMisplaced refuses exceptions of the rollout that no build can ever meet, because their names stand in the wrong one
// of the two mappings. Such an exception would be lost, and pods would join that somebody meant to keep out.
func (r *resolver) refuseMisplaced() {
	profile := r.documents.Profile
	if profile == nil || profile.Value.Spec.Rollout == nil {
		return
	}
	namespaces := profile.Value.Spec.Rollout.Namespaces
	for _, namespace := range slices.Sorted(maps.Keys(namespaces)) {
		if namespaces[namespace] == nil {
			continue
		}
		at := diag.Join("spec.rollout.namespaces", namespace)
		for _, key := range slices.Sorted(maps.Keys(namespaces[namespace].Services)) {
			if strings.Contains(key, "/") {
				r.misplaced(diag.Join(at+".services", key), fmt.Sprintf("%q cannot be the name of a Service", key),
					fmt.Sprintf("workloads: {%s: …}, or services: with the Service in front of it", key))
			}
		}
		for _, key := range slices.Sorted(maps.Keys(namespaces[namespace].Workloads)) {
			if !strings.Contains(key, "/") {
				r.misplaced(diag.Join(at+".workloads", key), fmt.Sprintf("%q names no workload; a workload is named Kind/name", key),
					fmt.Sprintf("workloads: {Deployment/%s: …}, with the kind that it has; or services: {%s: …} for the Service in front of it", key, key))
			}
		}
	}
}

func (r *resolver) misplaced(field, problem, try string) {
	r.report(diag.Finding{
		Code: diag.BadRule, Source: r.documents.Profile.At(field),
		Message: problem + ", so the exception keeps nothing at another stage", Try: try,
	})
}

// refuseBehindServices refuses exceptions for workloads of the build whose stage another key decides.
func (r *resolver) refuseBehindServices(m *mesh) {
	for _, key := range slices.Sorted(maps.Keys(m.rollout.Workloads)) {
		i := slices.IndexFunc(r.facts.Workloads, func(workload *facts.Workload) bool {
			return workload.Namespace == m.namespace && len(workload.Services) > 0 && namesWorkload(key, workload)
		})
		if i < 0 {
			continue
		}
		service := r.facts.Workloads[i].Services[0]
		r.report(diag.Finding{
			Code: diag.BehindService, Source: r.documents.Profile.At(diag.Join(rolloutPath(m)+".workloads", key)),
			Message: fmt.Sprintf("%s is behind Service %q, and the stage of its pods is that of the Service", key, service.Name),
			Related: []diag.Source{service.Source("spec.selector")},
			Try:     fmt.Sprintf("services: {%s: %s} instead", service.Written(), m.rollout.Workloads[key]),
		})
	}
}

// warnNoService finds exceptions for Services that only a workload without a Service has the name of. Another build may
// have the Service, so it is no error.
func (r *resolver) warnNoService(m *mesh) {
	for _, key := range slices.Sorted(maps.Keys(m.rollout.Services)) {
		named := func(service *facts.Service) bool { return service.Namespace == m.namespace && service.Named(key) }
		if slices.ContainsFunc(r.facts.Services, named) {
			continue
		}
		if workload := r.alone(m.namespace, key); workload != nil {
			r.report(diag.Finding{
				Code: diag.UnknownName, Severity: diag.Warning, Source: r.documents.Profile.At(diag.Join(rolloutPath(m)+".services", key)),
				Message: fmt.Sprintf("Service %q is not in this build, which has %s %q", key, workload.Kind, key),
				Related: []diag.Source{workload.Source("metadata.name")},
				Try:     fmt.Sprintf("workloads: {%s/%s: %s}", workload.Kind, key, m.rollout.Services[key]),
			})
		}
	}
}

// alone finds the workload of a name that no Service selects.
func (r *resolver) alone(namespace, name string) *facts.Workload {
	for _, workload := range r.facts.Workloads {
		if workload.Namespace == namespace && len(workload.Services) == 0 && workload.Named(name) {
			return workload
		}
	}
	return nil
}
