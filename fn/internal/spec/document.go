package spec

import (
	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// Document is one document of ours as it was written: what it says and where.
type Document[T any] struct {
	Item  *item.Item
	Value T
}

// At is the place of a field of the document.
func (d *Document[T]) At(field string) diag.Source { return d.Item.Source(field) }

// Documents are the documents of a build.
type Documents struct {
	Meshes   []*Document[v1alpha1.Mesh]
	Profile  *Document[v1alpha1.MeshProfile] // nil when the build has none
	Catalogs []*Document[v1alpha1.MeshCatalog]
	Names    HostNames
}
