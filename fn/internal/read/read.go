// Package read turns the bytes of a build into typed documents and facts. It is strict: what a document says and this
// version does not know is a finding, never ignored.
package read

import (
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Input is what a door hands over.
type Input struct {
	Items  []*item.Item
	Config *item.Item // the function's own configuration, nil when there is none
}

// Output is everything later stages need to know about the input.
type Output struct {
	Documents spec.Documents
	Facts     *facts.Facts
}

// Read checks every item, decodes the documents of our group and collects the facts of the build.
func Read(in Input) (*Output, diag.List) {
	var findings diag.List
	readable := make([]*item.Item, 0, len(in.Items))
	for _, it := range in.Items {
		if finding := it.Check(); finding != nil {
			findings = append(findings, *finding)
			continue
		}
		readable = append(readable, it)
	}
	documents, configFindings := documentsOf(readable, in.Config)
	findings = append(findings, configFindings...)

	out := &Output{}
	for _, document := range documents {
		findings = append(findings, out.add(document)...)
	}
	var factFindings diag.List
	out.Facts, factFindings = collect(readable)
	return out, append(findings, factFindings...)
}

// documentsOf lists the documents of our group: those among the items, and those of the function's configuration unless
// the host hands the same document over in both places, as kpt does.
func documentsOf(items []*item.Item, config *item.Item) ([]*item.Item, diag.List) {
	var documents []*item.Item
	for _, it := range items {
		if it.Group() == v1alpha1.Group || almostOurs(it) {
			documents = append(documents, it)
		}
	}
	configured, findings := fromConfig(config)
	for _, document := range configured {
		same := func(it *item.Item) bool {
			return it.Kind() == document.Kind() && it.Name() == document.Name() &&
				(it.Namespace() == document.Namespace() || document.Namespace() == "")
		}
		if !slices.ContainsFunc(documents, same) {
			documents = append(documents, document)
		}
	}
	return documents, findings
}

// almostOurs finds a Mesh whose group is misspelled, which would pass for somebody else's document and do nothing.
func almostOurs(it *item.Item) bool {
	ours := []string{v1alpha1.KindMesh, v1alpha1.KindMeshProfile, v1alpha1.KindMeshCatalog}
	return slices.Contains(ours, it.Kind()) &&
		(strings.HasPrefix(it.Group(), "meshfn") || strings.HasSuffix(it.Group(), v1alpha1.Group))
}

func (o *Output) add(document *item.Item) diag.List {
	if document.APIVersion() != v1alpha1.GroupVersion {
		return diag.List{{
			Code: diag.UnknownVersion, Source: document.Source("apiVersion"),
			Message: fmt.Sprintf("apiVersion %q is not known to this version of meshfn", document.APIVersion()),
			Try:     "apiVersion: " + v1alpha1.GroupVersion, Proposed: v1alpha1.GroupVersion,
		}}
	}
	switch document.Kind() {
	case v1alpha1.KindMesh:
		mesh, findings := decode[v1alpha1.Mesh](document)
		o.Documents.Meshes = append(o.Documents.Meshes, mesh)
		return findings
	case v1alpha1.KindMeshProfile:
		profile, findings := decode[v1alpha1.MeshProfile](document)
		if o.Documents.Profile != nil {
			return append(findings, diag.Finding{
				Code: diag.SeveralProfiles, Source: document.Source("metadata.name"),
				Message: fmt.Sprintf("MeshProfile %q is the second of this build, which may have only one", document.Name()),
				Related: []diag.Source{o.Documents.Profile.At("metadata.name")},
				Try:     "remove one of the two",
			})
		}
		o.Documents.Profile = profile
		return findings
	case v1alpha1.KindMeshCatalog:
		catalog, findings := decode[v1alpha1.MeshCatalog](document)
		o.Documents.Catalogs = append(o.Documents.Catalogs, catalog)
		return findings
	}
	known := []string{v1alpha1.KindMesh, v1alpha1.KindMeshProfile, v1alpha1.KindMeshCatalog}
	finding := diag.Finding{
		Code: diag.UnknownKind, Source: document.Source("kind"),
		Message: fmt.Sprintf("kind %q is not known; allowed: %s", document.Kind(), diag.OneOf(known)),
	}
	if nearest, ok := diag.Nearest(document.Kind(), known); ok {
		finding.Try, finding.Proposed = "kind: "+nearest, nearest
	}
	return diag.List{finding}
}
