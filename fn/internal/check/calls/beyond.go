package calls

import (
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// listCatalogs lists what catalogues know.
func (c *checker) listCatalogs() {
	catalog := &c.spec.Catalog
	for _, key := range slices.Sorted(maps.Keys(catalog.Services)) {
		service := catalog.Services[key]
		e := c.listBeyond("Service", key, &service.CatalogWorkload, catalog.At("services", key))
		e.ports, e.callers = service.Ports, catalogued(service.Callers, e.namespace)
	}
	for _, key := range slices.Sorted(maps.Keys(catalog.Workloads)) {
		kind, _, _ := strings.Cut(key, "/")
		c.listBeyond(kind, key, catalog.Workloads[key], catalog.At("workloads", key))
	}
}

// listBeyond lists what a catalogue knows, unless the build has it itself.
func (c *checker) listBeyond(kind, key string, known *v1alpha1.CatalogWorkload, at spec.Located) *end {
	name, namespace, _ := strings.Cut(key[strings.Index(key, "/")+1:], ".")
	e := &end{kind: kind, name: name, namespace: namespace, beyond: known, at: at}
	if known.Mesh != nil {
		e.mesh = *known.Mesh
	}
	if known.Stage != nil {
		e.stage = spec.Stage{Name: *known.Stage, At: at("stage")}
	}
	if c.builds(e) {
		return e
	}
	c.others, c.beyond[key] = append(c.others, e), e
	return e
}

// builds reports whether the build has what a catalogue knows, and so knows better.
func (c *checker) builds(e *end) bool {
	if e.kind == "Service" {
		return c.Facts.Referred(e.namespace, e.name) != nil
	}
	return slices.ContainsFunc(c.Facts.Workloads, func(w *facts.Workload) bool {
		return w.Kind == e.kind && w.Namespace == e.namespace && w.Named(e.name)
	})
}

// catalogued are the callers that a catalogue lists.
func catalogued(list []v1alpha1.Caller, namespace string) []spec.Caller {
	if list == nil {
		return nil
	}
	out := []spec.Caller{}
	for i := range list {
		in := &list[i]
		caller := spec.Caller{Methods: in.Methods, Paths: in.Paths, Anyone: in.PlainText != nil && *in.PlainText}
		for _, port := range in.Ports {
			caller.Ports = append(caller.Ports, string(port))
		}
		switch {
		case in.ServiceAccount != nil:
			space, name, _ := strings.Cut(*in.ServiceAccount, "/")
			caller.Accounts = []facts.Account{{Namespace: space, Name: name}}
		case in.Namespace != nil:
			caller.Namespace = string(*in.Namespace)
		case in.Named == v1alpha1.SameNamespace:
			caller.Namespace = namespace
		}
		out = append(out, caller)
	}
	return out
}
