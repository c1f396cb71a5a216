package resolve

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// ownService reports whether an entry is about this build: a Service that it has, or one of a Mesh that it has.
func (r *resolver) ownService(key string, entry *v1alpha1.CatalogService) bool {
	return r.serviceOf(key) != nil || r.hasMesh(entry.Mesh)
}

func (r *resolver) ownWorkload(key string, entry *v1alpha1.CatalogWorkload) bool {
	return r.workloadOf(key) != nil || r.hasMesh(entry.Mesh)
}

func (r *resolver) serviceOf(key string) *facts.Service {
	name, namespace := namespaceOf(key)
	for _, service := range r.facts.Services {
		if service.Namespace == namespace && service.Name == name {
			return service
		}
	}
	return nil
}

func (r *resolver) workloadOf(key string) *facts.Workload {
	kindName, namespace := namespaceOf(key)
	for _, workload := range r.facts.Workloads {
		if workload.Namespace == namespace && workload.Kind+"/"+workload.Name == kindName {
			return workload
		}
	}
	return nil
}

func (r *resolver) hasMesh(name *string) bool {
	return name != nil && slices.ContainsFunc(r.meshes, func(m *mesh) bool { return m.owner().String() == *name })
}

// staleCatalog warns of what catalogues say about this build and is not so, because others believe it.
func (r *resolver) staleCatalog() {
	services, workloads := entriesOf(r.documents.Catalogs)
	for _, key := range slices.Sorted(maps.Keys(services)) {
		found, at := services[key], diag.Join("spec.services", key)
		switch service := r.serviceOf(key); {
		case service != nil:
			r.stalePorts(found.document, at, service, found.entry.Ports)
			r.stalePods(found.document, at, "Service "+key, service.Workloads, &found.entry.CatalogWorkload)
		case r.hasMesh(found.entry.Mesh) && !r.renamedAbove(key):
			r.stale(found.document, at, fmt.Sprintf("Service %s, of Mesh %s, is not in this build any more", key, *found.entry.Mesh))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(workloads)) {
		found, at := workloads[key], diag.Join("spec.workloads", key)
		switch workload := r.workloadOf(key); {
		case workload != nil && len(workload.Services) > 0:
			r.stale(found.document, at, fmt.Sprintf("%s is behind Service %q in this build, and the catalogue says that it has none", key, workload.Services[0].Name))
		case workload != nil:
			r.stalePods(found.document, at, key, []*facts.Workload{workload}, found.entry)
		case r.hasMesh(found.entry.Mesh) && !r.renamedAbove(key):
			r.stale(found.document, at, fmt.Sprintf("%s, of Mesh %s, is not in this build any more", key, *found.entry.Mesh))
		}
	}
}

func (r *resolver) stale(document *catalogDocument, path, message string) {
	r.report(diag.Finding{
		Code: diag.StaleCatalog, Severity: diag.Warning, Source: document.At(path),
		Message: fmt.Sprintf("MeshCatalog %q is out of date: %s", document.Value.Metadata.Name, message),
		Try:     "write it again: meshfn catalog with the directory of this build",
	})
}

// renamedAbove reports whether a name may be that of something in the build once a level above has set a prefix or suffix.
func (r *resolver) renamedAbove(key string) bool {
	name, namespace := namespaceOf(key)
	_, name, _ = strings.Cut("/"+name, "/")
	may := func(is *facts.Identity) bool {
		return is.Namespace == namespace && is.Name != "" && strings.Contains(name, is.Name)
	}
	return slices.ContainsFunc(r.facts.Services, func(s *facts.Service) bool { return may(&s.Identity) }) ||
		slices.ContainsFunc(r.facts.Workloads, func(w *facts.Workload) bool { return may(&w.Identity) })
}

// stalePorts compares the ports of a Service.
func (r *resolver) stalePorts(document *catalogDocument, path string, service *facts.Service, said map[string]*v1alpha1.CatalogPort) {
	if said == nil {
		return
	}
	is := map[string]v1alpha1.CatalogPort{}
	for i := range service.Ports {
		port := &service.Ports[i]
		is[port.Key()] = v1alpha1.CatalogPort{Number: port.Number, Protocol: port.Protocol.Word()}
	}
	describe := func(port v1alpha1.CatalogPort) string {
		return strings.TrimSpace(strconv.Itoa(int(port.Number)) + " " + port.Protocol)
	}
	var differ []string
	for _, key := range slices.Sorted(maps.Keys(said)) {
		port, ok := is[key]
		switch {
		case !ok:
			differ = append(differ, fmt.Sprintf("port %q is gone", key))
		case port.Number != said[key].Number || said[key].Protocol != "" && port.Protocol != said[key].Protocol:
			differ = append(differ, fmt.Sprintf("port %q is %s and not %s", key, describe(port), describe(*said[key])))
		}
	}
	for i := range service.Ports {
		if said[service.Ports[i].Key()] == nil {
			differ = append(differ, fmt.Sprintf("port %q is new", service.Ports[i].Key()))
		}
	}
	if len(differ) > 0 {
		r.stale(document, path+".ports", fmt.Sprintf("of Service %s.%s, %s", service.Name, service.Namespace, strings.Join(differ, ", ")))
	}
}

// stalePods compares as whom pods call, and whom.
func (r *resolver) stalePods(document *catalogDocument, path, what string, templates []*facts.Workload, said *v1alpha1.CatalogWorkload) {
	var accounts []string
	for _, template := range templates {
		accounts = append(accounts, r.facts.AccountOf(template).String())
	}
	accounts = slices.Compact(slices.Sorted(slices.Values(accounts)))
	if known := slices.Sorted(slices.Values(said.Accounts)); said.Accounts != nil && len(accounts) > 0 && !slices.Equal(known, accounts) {
		r.stale(document, path+".accounts", fmt.Sprintf("the pods of %s run as %s and not as %s", what, strings.Join(accounts, ", "), strings.Join(known, ", ")))
	}
	for i := range said.DependsOn {
		word := said.DependsOn[i].Named
		if word == "" || !r.saysCalls(templates) || r.call(templates, word) {
			continue
		}
		r.stale(document, diag.At(path+".dependsOn", i), fmt.Sprintf("%s does not call %s any more", what, word))
	}
}

// saysCalls reports whether somebody says whom pods call.
func (r *resolver) saysCalls(templates []*facts.Workload) bool {
	return r.anyOf(templates, func(pods *spec.Workload) bool { return pods.Calls != nil })
}

// call reports whether pods say that they call a Service.
func (r *resolver) call(templates []*facts.Workload, host string) bool {
	return r.anyOf(templates, func(pods *spec.Workload) bool {
		return slices.ContainsFunc(pods.Calls, func(call spec.Dependency) bool { return call.External == nil && call.Host() == host })
	})
}

func (r *resolver) anyOf(templates []*facts.Workload, is func(*spec.Workload) bool) bool {
	of := func(pods *spec.Workload) bool {
		return is(pods) && slices.ContainsFunc(pods.Templates, func(w *facts.Workload) bool { return slices.Contains(templates, w) })
	}
	for i := range r.out.Services {
		if of(&r.out.Services[i].Workload) {
			return true
		}
	}
	return slices.ContainsFunc(r.out.Workloads, func(w spec.Workload) bool { return of(&w) })
}
