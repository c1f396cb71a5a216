package transition

import (
	"strings"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/compare/side"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// sourceAnnotation names the Mesh that an object was generated from.
const sourceAnnotation = "meshfn.dev/source"

// written is the place that the author of a field can change: in the object itself, or for a generated one where the Mesh has
// the setting that it follows from, or else the Mesh.
func written(s *side.Side, meta *cluster.Meta, field, subject, setting string) diag.Source {
	owner, generated := meta.Annotations[sourceAnnotation]
	if !generated {
		return s.Located(meta.At(field))
	}
	if at := s.Where(subject, setting); at != (diag.Source{}) {
		return at
	}
	namespace, name, found := strings.Cut(owner, "/")
	if !found {
		namespace, name = "", owner
	}
	mesh := diag.Resource{APIVersion: "meshfn.dev/v1alpha1", Kind: "Mesh", Namespace: namespace, Name: name}
	_, called, _ := strings.Cut(subject, "/")
	return s.Located(diag.Source{Resource: mesh, Field: diag.Join("spec.services", called)})
}

// block is the place of a setting as a whole, where the lines of explain have only what is in it.
func block(s *side.Side, subject, setting string) diag.Source {
	at := s.Where(subject, setting)
	end := strings.LastIndex(at.Field, "."+setting+".")
	if end < 0 {
		return at
	}
	whole := s.Located(diag.Source{Resource: at.Resource, Field: at.Field[:end+1+len(setting)]})
	if whole.File == "" {
		return at
	}
	return whole
}

// routeAt is where a route is written: a generated one follows from the Service that it is for.
func routeAt(s *side.Side, d *destination) diag.Source {
	setting := "versions"
	if d.vs != nil && !atMesh(d.vs) {
		setting = "expose"
	}
	return written(s, d.meta, d.field, subjectOf(d.host.Service), setting)
}

// subjectOf names a Service as the lines of explain do.
func subjectOf(service *facts.Service) string {
	if service == nil {
		return ""
	}
	return diag.Resource{Kind: "Service", Namespace: service.Namespace, Name: service.Name}.String()
}

// some are as many places as a reader can use.
func some(places []diag.Source) []diag.Source {
	const enough = 4
	return places[:min(len(places), enough)]
}
