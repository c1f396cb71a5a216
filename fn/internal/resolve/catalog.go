package resolve

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// catalogs lays the catalogues of the build together.
func (r *resolver) catalogs() {
	out := spec.Catalog{
		Complete: len(r.documents.Catalogs) > 0, Services: map[string]*v1alpha1.CatalogService{},
		Workloads: map[string]*v1alpha1.CatalogWorkload{}, Namespaces: map[string]bool{},
	}
	in := map[string]*spec.Document[v1alpha1.MeshCatalog]{}
	note := func(document *spec.Document[v1alpha1.MeshCatalog], field, key string) {
		in[field+" "+key] = document
		if _, namespace, ok := strings.Cut(key, "."); ok {
			out.Namespaces[namespace] = true
		}
	}
	for _, document := range r.documents.Catalogs {
		complete := document.Value.Spec.Complete
		out.Complete = out.Complete && complete != nil && *complete
		for key, service := range document.Value.Spec.Services {
			note(document, "services", key)
			out.Services[key] = service
		}
		for key, workload := range document.Value.Spec.Workloads {
			note(document, "workloads", key)
			out.Workloads[key] = workload
		}
	}
	out.At = func(field, key string) spec.Located {
		document := in[field+" "+key]
		if document == nil {
			return func(string) diag.Source { return diag.Source{} }
		}
		return below(document, diag.Join("spec."+field, key))
	}
	r.out.Catalog = out
}

func cataloguePorts(service *v1alpha1.CatalogService) []string {
	return slices.Sorted(maps.Keys(service.Ports))
}

// cataloguePort finds a port of a Service of a catalogue, by name or number.
func cataloguePort(service *v1alpha1.CatalogService, key string) *v1alpha1.CatalogPort {
	if port := service.Ports[key]; port != nil {
		return port
	}
	for _, port := range service.Ports {
		if strconv.Itoa(int(port.Number)) == key {
			return port
		}
	}
	return nil
}
