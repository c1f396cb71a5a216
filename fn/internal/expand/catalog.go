package expand

import (
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/catalog"
	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/manifest"
	"github.com/meshfn/meshfn/fn/internal/read"
	"github.com/meshfn/meshfn/fn/internal/resolve"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Catalog is the MeshCatalog of what a run saw, empty where the run did not come so far.
func (o *Output) Catalog() ([]byte, error) {
	if o == nil || o.finished == nil {
		return nil, nil
	}
	view, _ := cluster.New(*o.finished)
	return catalog.Write("", catalog.Of(o.Spec, view))
}

// Catalogued lists what a finished build holds, whatever came behind the function: names, ports, accounts, sidecars and what
// pods accept. What Meshes say is not in it, because they speak of the names that the function saw.
func Catalogued(built, documents []*item.Item) (*v1alpha1.MeshCatalogSpec, diag.List) {
	view, findings := View(built, documents)
	if view == nil {
		return nil, findings
	}
	return catalog.Of(&spec.Spec{}, view), nil
}

// View is what a cluster will hold of a finished build, nil where that cannot be read. The documents are those that the
// function saw, which are not applied.
func View(built, documents []*item.Item) (*cluster.View, diag.List) {
	built, documents = sampled(Input{Items: built}, documents)
	input, findings := read.Read(read.Input{Items: slices.Concat(built, documents)})
	if findings.HasErrors() {
		return nil, findings
	}
	resolved, _ := resolve.Resolve(input.Documents, input.Facts)
	view, _ := cluster.New(cluster.Input{
		Istio: resolved.Istio, Facts: input.Facts, Gateways: resolved.Gateways, Generated: &manifest.Set{}, Others: built,
		Rules: &resolved.Rules, Stages: resolved.Stages,
	})
	return view, nil
}

// ReadCatalogs reads catalogues as strictly as a build does.
func ReadCatalogs(items []*item.Item) ([]*spec.Document[v1alpha1.MeshCatalog], diag.List) {
	input, findings := read.Read(read.Input{Items: items})
	return input.Documents.Catalogs, findings
}

// CheckCatalog finds what is wrong with what a catalogue says.
func CheckCatalog(document *spec.Document[v1alpha1.MeshCatalog]) diag.List {
	return resolve.Catalogs(spec.Documents{Catalogs: []*spec.Document[v1alpha1.MeshCatalog]{document}})
}
