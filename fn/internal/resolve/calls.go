package resolve

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// calls finds what the names of callers and callees mean, once every Service and workload has its settings: whom pods call,
// and who may call them. What a caller says counts for a callee of the same Mesh only, so that nobody lets themselves in
// elsewhere.
func (r *resolver) calls() {
	r.scope()
	r.eachPods(func(pods *spec.Workload, _ *facts.Service) { r.dependsOn(pods) })
	r.unusedExternal()
	always := r.alwaysCallers()
	r.eachPods(func(pods *spec.Workload, service *facts.Service) { r.callers(pods, service, always) })
}

// eachPods visits the settings of all pods: those behind each Service, and those that no Service selects.
func (r *resolver) eachPods(visit func(pods *spec.Workload, service *facts.Service)) {
	for i := range r.out.Services {
		visit(&r.out.Services[i].Workload, r.out.Services[i].Facts)
	}
	for i := range r.out.Workloads {
		visit(&r.out.Workloads[i], nil)
	}
}

// place is from where a name is said: in a Mesh, or in the profile, where every name has to say its namespace.
type place struct {
	namespace string
	mesh      *v1alpha1.Mesh // nil for the profile
	owner     spec.Owner
}

func (r *resolver) placeOf(pods *spec.Workload) place {
	for _, m := range r.meshes {
		if m.owner().String() == pods.Owner.String() {
			return place{m.namespace, &m.Value, pods.Owner}
		}
	}
	return place{owner: pods.Owner}
}

// split takes a name apart into the name itself and its namespace, which is that of the place where none is written.
func (p place) split(word string) (name, namespace string, written bool) {
	name, namespace, written = strings.Cut(word, ".")
	return name, cmp.Or(namespace, p.namespace), written
}

// called is what the name of a Service means.
type called struct {
	service *facts.Service
	beyond  *v1alpha1.CatalogService
	name    string // final, for one of the build
	space   string
	known   bool
}

// serviceCalled finds a Service by its name, in the build or else in a catalogue. It reports what is certainly wrong, and
// says what nobody here can check. Others are names of something else that could have been meant there.
func (r *resolver) serviceCalled(from place, word string, at diag.Source, others ...string) called {
	name, namespace, written := from.split(word)
	if from.mesh == nil && !written {
		r.report(diag.Finding{
			Code: diag.UnknownName, Source: at,
			Message: fmt.Sprintf("Service %q has no namespace, which the profile, speaking of all of them, has to say", word),
			Try:     word + ".<namespace>",
		})
		return called{name: name, space: namespace}
	}
	var found []*facts.Service
	var names []string
	for _, service := range r.facts.Services {
		if service.Namespace != namespace && !slices.Contains(service.PreviousNamespaces, namespace) {
			continue
		}
		names = append(append(names, service.Name), service.PreviousNames...)
		if service.Named(name) {
			found = append(found, service)
		}
	}
	switch {
	case len(found) == 1:
		return called{service: found[0], name: found[0].Name, space: found[0].Namespace, known: true}
	case len(found) > 1:
		r.report(diag.Finding{
			Code: diag.AmbiguousName, Source: at,
			Message: fmt.Sprintf("%q means several Services of the build, by their names now and before an overlay renamed them", word),
			Related: []diag.Source{found[0].Source("metadata.name"), found[1].Source("metadata.name")},
			Try:     "use the final name: " + found[0].Name + " or " + found[1].Name,
		})
		return called{name: name, space: namespace}
	}
	if beyond := r.out.Catalog.Services[name+"."+namespace]; beyond != nil {
		return called{beyond: beyond, name: name, space: namespace, known: true}
	}
	r.notFound(from, "Service", word, name, namespace, at, append(names, r.catalogued(namespace)...), others...)
	return called{name: name, space: namespace}
}

// catalogued lists the Services of a namespace that catalogues know.
func (r *resolver) catalogued(namespace string) []string {
	var names []string
	for key := range r.out.Catalog.Services {
		if name, in, _ := strings.Cut(key, "."); in == namespace {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// notFound reports a name that nobody knows: as a mistake where the build or a catalogue knows the namespace, and as not
// checked where nobody does.
func (r *resolver) notFound(from place, kind, word, name, namespace string, at diag.Source, known []string, others ...string) {
	elsewhere := namespace != from.namespace && !slices.Contains(r.facts.NamespacesInUse(), namespace)
	if elsewhere && !r.out.Catalog.Namespaces[namespace] {
		r.report(diag.Finding{
			Code: diag.BeyondBuild, Severity: diag.Info, Source: at,
			Message: fmt.Sprintf("not checked: %s %q, because neither the build nor a MeshCatalog knows namespace %q", kind, word, namespace),
			Try:     "meshfn catalog in the repository of that namespace, and its output among the resources of this build",
		})
		return
	}
	finding := unknownName(at, kind, name, namespace, known)
	if r.out.Catalog.Namespaces[namespace] {
		finding.Message = strings.Replace(finding.Message, "is not in the build", "is neither in the build nor in a MeshCatalog", 1)
	}
	if nearest, ok := diag.Nearest(name, others); ok && finding.Proposed == "" {
		finding.Try, finding.Proposed = "did you mean "+nearest+", an entry of external?", nearest
	}
	if finding.Proposed != "" && strings.Contains(word, ".") {
		finding.Proposed += "." + namespace
	}
	if len(known) == 0 {
		finding.Try = "add it to the resources of the build, or a MeshCatalog that has it"
	}
	r.report(finding)
}

// hasService reports whether a word would be the name of a Service.
func (r *resolver) hasService(from place, word string) bool {
	name, namespace, _ := from.split(word)
	for _, service := range r.facts.Services {
		if service.Namespace == namespace && service.Named(name) {
			return true
		}
	}
	return r.out.Catalog.Services[name+"."+namespace] != nil
}

// refuseTwoMeanings refuses a short form that could mean two things.
func (r *resolver) refuseTwoMeanings(at diag.Source, word, one, other, mapping string) {
	r.report(diag.Finding{
		Code: diag.AmbiguousName, Source: at,
		Message: fmt.Sprintf("%q means both %s and %s", word, one, other),
		Try:     mapping,
	})
}

// exactlyOne reports a mapping that names nothing or several things.
func (r *resolver) exactlyOne(at diag.Source, given map[string]bool, fields ...string) bool {
	var set []string
	for _, field := range fields {
		if given[field] {
			set = append(set, field)
		}
	}
	if len(set) == 1 {
		return true
	}
	finding := diag.Finding{Code: diag.BadValue, Source: at, Message: "it says neither " + strings.Join(fields, " nor "), Try: fields[0] + ": web"}
	if len(set) > 1 {
		finding.Message, finding.Try = "it says "+strings.Join(set, " and ")+" at once", "make them entries of their own"
	}
	r.report(finding)
	return false
}
