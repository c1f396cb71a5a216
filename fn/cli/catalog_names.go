package cli

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/catalog"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/expand"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// catalogued is what others have to know of a build, by the names that it has in the end.
func (e *expanded) catalogued(path string) (*v1alpha1.MeshCatalogSpec, diag.List) {
	var seen []*v1alpha1.MeshCatalogSpec
	for _, text := range e.catalogs {
		documents, findings := expand.ReadCatalogs([]*item.Item{item.New([]byte(text), item.Place{})})
		if findings.HasErrors() || len(documents) != 1 {
			return nil, findings
		}
		seen = append(seen, &documents[0].Value.Spec)
	}
	final := &v1alpha1.MeshCatalogSpec{}
	if len(seen) > 0 {
		final = seen[0]
	}
	if len(e.runs) > 0 && e.built != nil && e.unjudged == nil {
		var findings diag.List
		if final, findings = e.settled(path, seen); findings.HasErrors() {
			return nil, findings
		}
	}
	return final, withoutNamespace(path, final)
}

// settled finds what the function saw among what kustomize printed in the end.
func (e *expanded) settled(path string, seen []*v1alpha1.MeshCatalogSpec) (*v1alpha1.MeshCatalogSpec, diag.List) {
	var documents []*item.Item
	for i := range e.runs {
		documents = append(documents, e.runs[i].documents()...)
	}
	final, findings := expand.Catalogued(e.built, documents)
	if final == nil {
		return nil, findings
	}
	prefix, suffix := "", ""
	var places []diag.Source
	for _, change := range e.later { // The outermost comes first, and is set last.
		switch change.Field {
		case "namePrefix":
			prefix += change.Value
		case "nameSuffix":
			suffix = change.Value + suffix
		default:
			continue
		}
		places = append(places, change.At)
	}
	for _, one := range seen {
		for _, key := range catalog.Settle(one, final, func(name string) string { return prefix + name + suffix }) {
			findings = append(findings, diag.Finding{
				Code: diag.NameLost, Source: diag.Source{File: filepath.ToSlash(path)},
				Message: fmt.Sprintf("%s is not in the finished build: a level above meshfn gives it another name, so nobody knows what was decided for it", key),
				Related: places, Try: "run meshfn in the outermost kustomization, where names are final",
			})
		}
	}
	return final, findings
}

// withoutNamespace finds names that say nothing to others.
func withoutNamespace(path string, in *v1alpha1.MeshCatalogSpec) diag.List {
	var names []string
	for key := range in.Services {
		if key[len(key)-1] == '.' {
			names = append(names, "Service "+key[:len(key)-1])
		}
	}
	for key := range in.Workloads {
		if key[len(key)-1] == '.' {
			names = append(names, key[:len(key)-1])
		}
	}
	if len(names) == 0 {
		return nil
	}
	slices.Sort(names)
	return diag.List{{
		Code: diag.AmbiguousNamespace, Source: diag.Source{File: filepath.ToSlash(path)},
		Message: fmt.Sprintf("no namespace is known for %s, and others find it by its namespace", diag.OneOf(names)),
		Try:     "set the namespace in the resources, or in the kustomization",
	}}
}
