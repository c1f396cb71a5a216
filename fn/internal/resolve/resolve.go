// Package resolve merges the layers of settings and matches names with what the build has, so that every setting of
// every Service, port and workload has one value and an origin.
package resolve

import (
	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Resolve merges all layers of the documents over the facts of the build.
func Resolve(documents spec.Documents, build *facts.Facts) (*spec.Spec, diag.List) {
	r := &resolver{documents: documents, facts: build, presets: knownPresets(documents.Profile), out: &spec.Spec{Names: documents.Names}}
	r.profile()
	r.refuseNames()
	r.rules()
	r.placeMeshes()
	r.locked()
	r.refuseUnknownNamespaces()
	r.stages()
	r.catalogs()
	r.services()
	r.workloads()
	r.external()
	r.calls()
	r.staleCatalog()
	r.guard()
	r.refuseSharedExceptions()
	r.patches()
	r.warnIdle()
	r.warnUnmatched()
	return r.out, r.findings
}

// mesh is a Mesh with the namespace it speaks of decided.
type mesh struct {
	*spec.Document[v1alpha1.Mesh]
	namespace string
	only      bool // the only Mesh of its namespace, which also covers what it does not list
	stage     spec.Stage
	rollout   *v1alpha1.NamespaceRollout // what the profile says of the namespace, nil when nothing
}

type resolver struct {
	documents spec.Documents
	facts     *facts.Facts
	presets   presets
	meshes    []*mesh
	ownBroken map[diag.Source]bool // fields of presets that break the profile's own rules
	out       *spec.Spec
	findings  diag.List
}

func (r *resolver) report(finding diag.Finding) { r.findings = append(r.findings, finding) }

func (m *mesh) owner() spec.Owner {
	return spec.Owner{Name: m.Value.Metadata.Name, Namespace: m.namespace, At: m.At("metadata.name")}
}

// below finds fields under an entry of the Mesh.
func (m *mesh) below(entry string) spec.Located { return below(m.Document, entry) }

// below finds fields under an entry of a document; fields of an absent entry are at the nearest place that exists.
func below[T any](document *spec.Document[T], entry string) spec.Located {
	return func(field string) diag.Source {
		if field == "" {
			return document.At(entry)
		}
		if field[0] == '[' {
			return document.At(entry + field)
		}
		return document.At(entry + "." + field)
	}
}
