package plan

import (
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// seenByCallers lists the namespaces of those who call a Service, where the profile wants only them to see how it is called
// and all of them are known. Whoever says that it calls is added to those who are let in: before the stage authorize nobody
// stops it.
func (p *planner) seenByCallers(in *spec.Service) ([]string, bool) {
	known := in.Workload.CallersStated().Layer != spec.Unset
	if !p.spec.Scope.ByCaller || in.Workload.Callers == nil || !known || p.calledByAll(in) {
		return nil, false
	}
	seen := map[string]bool{here: true}
	for i := range in.Workload.Callers {
		caller := &in.Workload.Callers[i]
		seen[caller.Namespace] = true
		for _, account := range caller.Accounts {
			seen[account.Namespace] = true
		}
		for _, workload := range caller.Workloads {
			seen[workload.Namespace] = true
		}
		if _, namespace, ok := strings.Cut(caller.Beyond, "."); ok {
			seen[namespace] = true
		}
		if caller.Gateway != nil {
			seen[caller.Gateway.Namespace] = true
		}
	}
	p.addDependents(in, seen)
	delete(seen, "")
	return slices.Sorted(maps.Keys(seen)), true
}

// calledByAll reports whether every sidecar knows a Service, so that anybody may call it.
func (p *planner) calledByAll(in *spec.Service) bool {
	return slices.ContainsFunc(p.spec.Scope.Always, func(call spec.Dependency) bool { return call.Service == in.Facts })
}

// addDependents adds the namespaces of all who say that they call a Service, here and in other repositories.
func (p *planner) addDependents(in *spec.Service, seen map[string]bool) {
	for _, settings := range p.workloads() {
		if !slices.ContainsFunc(settings.Calls, func(call spec.Dependency) bool { return call.Service == in.Facts }) {
			continue
		}
		seen[settings.Owner.Namespace] = true
		for _, workload := range settings.Templates {
			seen[workload.Namespace] = true
		}
	}
	own := in.Facts.Name + "." + in.Facts.Namespace
	for key, service := range p.spec.Catalog.Services {
		addDependent(key, &service.CatalogWorkload, own, seen)
	}
	for key, workload := range p.spec.Catalog.Workloads {
		addDependent(key, workload, own, seen)
	}
}

// addDependent adds the namespace of something in a catalogue that says that it calls a Service.
func addDependent(key string, workload *v1alpha1.CatalogWorkload, service string, seen map[string]bool) {
	_, namespace, _ := strings.Cut(key, ".")
	calls := func(call v1alpha1.Dependency) bool {
		return call.Named == service || call.Service != nil && *call.Service == service
	}
	if slices.ContainsFunc(workload.DependsOn, calls) {
		seen[namespace] = true
	}
}

// seenBecause is what decides who sees how a Service is called: its callers, or a default of the mesh.
func (p *planner) seenBecause(in *spec.Service, otherwise string) []spec.Origin {
	if _, ok := p.seenByCallers(in); !ok {
		if p.spec.Istio.At == nil {
			return nil
		}
		return []spec.Origin{{At: p.spec.Istio.At(otherwise)}}
	}
	return []spec.Origin{
		in.Workload.Origins.Of("callers"),
		{Layer: spec.ProfileDefaults, Setting: "scope.exportTo", At: p.spec.Scope.At("exportTo")},
	}
}
