package resolve

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// catalogDocument is one catalogue of a build.
type catalogDocument = spec.Document[v1alpha1.MeshCatalog]

// catalogued is what one catalogue says of one name.
type catalogued[T any] struct {
	document *catalogDocument
	entry    *T
}

// catalogs lays the catalogues of the build together, without what they say of the build itself.
func (r *resolver) catalogs() {
	out := &r.out.Catalog
	out.Services, out.Workloads = map[string]*v1alpha1.CatalogService{}, map[string]*v1alpha1.CatalogWorkload{}
	out.Namespaces, out.Callers = map[string]bool{}, map[string][]spec.CatalogCaller{}
	out.Complete, out.CompleteAt = completeCatalogs(r.documents.Catalogs)
	r.findings = append(r.findings, Catalogs(r.documents)...)
	services, workloads := entriesOf(r.documents.Catalogs)
	for key := range services {
		r.noteNamespace(key)
		if !r.ownService(key, services[key].entry) {
			out.Services[key] = services[key].entry
		}
	}
	for key := range workloads {
		r.noteNamespace(key)
		if !r.ownWorkload(key, workloads[key].entry) {
			out.Workloads[key] = workloads[key].entry
		}
	}
	out.At = func(field, key string) spec.Located {
		document := services[key].document
		if field == "workloads" {
			document = workloads[key].document
		}
		if document == nil {
			return func(string) diag.Source { return diag.Source{} }
		}
		return below(document, diag.Join("spec."+field, key))
	}
	r.catalogCallers()
}

// completeCatalogs reports whether each of the catalogues says that nothing is missing.
func completeCatalogs(documents []*catalogDocument) (complete bool, at diag.Source) {
	for i, document := range sortedCatalogs(documents) {
		if document.Value.Spec.Complete == nil || !*document.Value.Spec.Complete {
			return false, diag.Source{}
		}
		if i == 0 {
			at = document.At("spec.complete")
		}
	}
	return len(documents) > 0, at
}

// sortedCatalogs puts catalogues into one order, whichever they came in.
func sortedCatalogs(documents []*catalogDocument) []*catalogDocument {
	return slices.SortedStableFunc(slices.Values(documents), func(a, b *catalogDocument) int {
		return cmp.Or(cmp.Compare(a.Value.Metadata.Name, b.Value.Metadata.Name), cmp.Compare(a.Value.Metadata.Namespace, b.Value.Metadata.Namespace))
	})
}

// entriesOf finds the entry of each name: where several catalogues have it, that of the first.
func entriesOf(documents []*catalogDocument) (map[string]catalogued[v1alpha1.CatalogService], map[string]catalogued[v1alpha1.CatalogWorkload]) {
	services, workloads := map[string]catalogued[v1alpha1.CatalogService]{}, map[string]catalogued[v1alpha1.CatalogWorkload]{}
	for _, document := range sortedCatalogs(documents) {
		firstOf(services, document, document.Value.Spec.Services)
		firstOf(workloads, document, document.Value.Spec.Workloads)
	}
	return services, workloads
}

func firstOf[T any](all map[string]catalogued[T], document *catalogDocument, entries map[string]*T) {
	for key, entry := range entries {
		if all[key].entry == nil {
			all[key] = catalogued[T]{document, entry}
		}
	}
}

// Catalogs finds what is wrong with catalogues by themselves.
func Catalogs(documents spec.Documents) diag.List {
	var findings diag.List
	for _, document := range documents.Catalogs {
		findings = append(findings, catalogForm(document)...)
	}
	services, workloads := entriesOf(documents.Catalogs)
	for _, document := range sortedCatalogs(documents.Catalogs) {
		findings = append(findings, catalogConflicts(document, "services", services, document.Value.Spec.Services)...)
		findings = append(findings, catalogConflicts(document, "workloads", workloads, document.Value.Spec.Workloads)...)
	}
	return findings
}

// catalogConflicts finds the names of which an earlier catalogue says something else.
func catalogConflicts[T any](document *catalogDocument, field string, all map[string]catalogued[T], entries map[string]*T) diag.List {
	var findings diag.List
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		first := all[key]
		if first.document == document || reflect.DeepEqual(first.entry, entries[key]) {
			continue
		}
		path := diag.Join("spec."+field, key)
		findings = append(findings, diag.Finding{
			Code: diag.CatalogConflict, Source: document.At(path),
			Message: fmt.Sprintf("MeshCatalog %q says something else of %s than MeshCatalog %q", document.Value.Metadata.Name, key, first.document.Value.Metadata.Name),
			Related: []diag.Source{first.document.At(path)},
			Try:     "keep the one that is up to date; meshfn catalog with the directory of its build and the other catalogue makes one of both",
		})
	}
	return findings
}

// namespaceOf is the namespace of a key: name.namespace or Kind/name.namespace. Only the name can have dots.
func namespaceOf(key string) (name, namespace string) {
	if dot := strings.LastIndex(key, "."); dot >= 0 {
		return key[:dot], key[dot+1:]
	}
	return key, ""
}

func (r *resolver) noteNamespace(key string) {
	if _, namespace := namespaceOf(key); namespace != "" {
		r.out.Catalog.Namespaces[namespace] = true
	}
}

// catalogCallers finds who calls whom in other builds, and who does not say it.
func (r *resolver) catalogCallers() {
	out := &r.out.Catalog
	note := func(field, key string, pods *v1alpha1.CatalogWorkload) {
		placed := func(path string) func() diag.Source {
			return func() diag.Source { return out.At(field, key)(path) }
		}
		if pods.DependsOn == nil && len(pods.Accounts) > 0 && (pods.Sidecar == nil || !*pods.Sidecar) {
			out.Silent = append(out.Silent, spec.CatalogCaller{Field: field, Key: key, Pods: pods, At: placed("")})
		}
		for i := range pods.DependsOn {
			call := &pods.DependsOn[i]
			word := call.Named
			if call.Service != nil {
				word = *call.Service
			}
			if word != "" {
				out.Callers[word] = append(out.Callers[word], spec.CatalogCaller{Field: field, Key: key, Pods: pods, Call: call, At: placed(diag.At("dependsOn", i))})
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(out.Services)) {
		note("services", key, &out.Services[key].CatalogWorkload)
	}
	for _, key := range slices.Sorted(maps.Keys(out.Workloads)) {
		note("workloads", key, out.Workloads[key])
	}
}

// cataloguedWorkloads lists the workloads of a namespace that catalogues know, as Kind/name.
func (r *resolver) cataloguedWorkloads(namespace string) []string {
	var names []string
	for key := range r.out.Catalog.Workloads {
		if name, in := namespaceOf(key); in == namespace {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
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
