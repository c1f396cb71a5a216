// Package catalog writes down what others have to know of a build: its Services and workloads, once everything is decided.
package catalog

import (
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Of lists everything in a build. What no Mesh covers is there with what the build itself says of it.
func Of(resolved *spec.Spec, view *cluster.View) *v1alpha1.MeshCatalogSpec {
	b := &builder{View: view, services: map[*facts.Service]*spec.Service{}, workloads: map[*facts.Workload]*spec.Workload{}}
	for i := range resolved.Services {
		b.services[resolved.Services[i].Facts] = &resolved.Services[i]
	}
	for i := range resolved.Workloads {
		for _, template := range resolved.Workloads[i].Templates {
			b.workloads[template] = &resolved.Workloads[i]
		}
	}
	out := &v1alpha1.MeshCatalogSpec{Services: map[string]*v1alpha1.CatalogService{}, Workloads: map[string]*v1alpha1.CatalogWorkload{}}
	for _, service := range view.Facts.Services {
		out.Services[service.Name+"."+service.Namespace] = b.service(service)
	}
	for _, workload := range view.Facts.Workloads {
		if len(workload.Services) > 0 || workload.Name == "" { // A name that the cluster makes cannot be referred to.
			continue
		}
		entry := b.pods([]*facts.Workload{workload})
		if settings := b.workloads[workload]; settings != nil {
			meshed(&entry, settings.Owner, settings.Stage, settings)
		}
		out.Workloads[workload.Kind+"/"+workload.Name+"."+workload.Namespace] = &entry
	}
	return out
}

type builder struct {
	*cluster.View
	services  map[*facts.Service]*spec.Service
	workloads map[*facts.Workload]*spec.Workload
}

func (b *builder) service(service *facts.Service) *v1alpha1.CatalogService {
	out := &v1alpha1.CatalogService{CatalogWorkload: b.pods(service.Workloads)}
	if len(service.Ports) > 0 {
		out.Ports = map[string]*v1alpha1.CatalogPort{}
	}
	for i := range service.Ports {
		port := &service.Ports[i]
		out.Ports[port.Key()] = &v1alpha1.CatalogPort{Number: port.Number, Protocol: port.Protocol.Word()}
	}
	in := b.services[service]
	if in == nil {
		return out
	}
	meshed(&out.CatalogWorkload, in.Owner, in.Stage, &in.Workload)
	out.Callers = callers(in.Workload.Callers)
	out.CallersComplete = in.Workload.Settings.CallersComplete
	if in.Workload.CallersStated().Layer != spec.Unset {
		out.CallersComplete = new(true)
	}
	for gateway, expose := range in.Expose {
		if out.Expose == nil {
			out.Expose = map[string][]string{}
		}
		out.Expose[gateway] = slices.Sorted(slices.Values(expose.Hosts))
	}
	return out
}

// meshed says what a Mesh decides.
func meshed(out *v1alpha1.CatalogWorkload, owner spec.Owner, stage spec.Stage, settings *spec.Workload) {
	out.Mesh, out.Stage = new(owner.String()), new(stage.Name)
	if settings.Calls == nil {
		return
	}
	out.DependsOn = []v1alpha1.Dependency{}
	for i := range settings.Calls {
		out.DependsOn = append(out.DependsOn, dependency(&settings.Calls[i]))
	}
	out.DependsOn = sorted(out.DependsOn)
}

// pods says what is known of the pods of some templates once they run.
func (b *builder) pods(templates []*facts.Workload) v1alpha1.CatalogWorkload {
	var out v1alpha1.CatalogWorkload
	var modes []string
	with, without := 0, 0
	for _, template := range templates {
		if account := b.Facts.AccountOf(template).String(); !slices.Contains(out.Accounts, account) {
			out.Accounts = append(out.Accounts, account)
		}
		pod := b.PodOf(template)
		switch b.sidecar(pod) {
		case facts.Yes:
			with++
		case facts.No:
			without++
			continue // It accepts what it is sent.
		case facts.Unknown:
		}
		if mtls := b.MTLSOf(pod); mtls.Known() {
			modes = append(modes, mtls.Mode.String())
		} else {
			modes = append(modes, "")
		}
	}
	slices.Sort(out.Accounts)
	switch {
	case without > 0:
		out.Sidecar = new(false)
	case with > 0 && with == len(templates):
		out.Sidecar = new(true)
	}
	if modes = slices.Compact(modes); len(modes) == 1 && modes[0] != "" && without == 0 {
		out.MTLS = &modes[0]
	}
	return out
}

// sidecar says whether pods have a proxy of Istio's. A gateway is one.
func (b *builder) sidecar(pod *cluster.Pod) facts.Answer {
	if slices.ContainsFunc(pod.Containers, func(c facts.Container) bool { return c.Name == facts.ProxyContainer && c.Image != "auto" }) {
		return facts.Yes
	}
	return b.Injection(pod).Sidecar
}
