package cli

import (
	"reflect"
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/catalog"
	"github.com/meshfn/meshfn/fn/internal/compare/side"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/expand"
	"github.com/meshfn/meshfn/fn/internal/explain"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// part is an application that was built for a side.
type part struct {
	name      string
	lines     []explain.Line
	catalog   *v1alpha1.MeshCatalogSpec
	objects   []*item.Item
	documents []*item.Item // of meshfn, which no cluster gets
	inFile    func(diag.Source) diag.Source
	unseen    diag.List // what the build has and nobody looks into
}

// both builds an application for both sides, one after the other: only one build may run in a process. Where one of them has
// errors there is neither.
func (p *places) both(process *Process, flags *diffFlags, one application) ([]part, diag.List, []map[string][]byte, error) {
	var built []part
	var broken diag.List
	var texts []map[string][]byte
	for i, at := range one.sides {
		result, err := p.build(process, flags, at, one.profiles, i)
		if err != nil {
			return nil, nil, nil, err
		}
		texts = append(texts, result.texts)
		if result.findings.HasErrors() {
			for _, finding := range result.findings {
				told := func(f diag.Finding) bool { return reflect.DeepEqual(f, finding) }
				if !slices.ContainsFunc(broken, told) {
					broken = append(broken, finding)
				}
			}
			continue
		}
		built = append(built, result.part(at.name))
	}
	if len(broken) > 0 {
		return nil, broken, texts, nil
	}
	return built, nil, texts, nil
}

// build builds one application for one side.
func (p *places) build(process *Process, flags *diffFlags, at *place, profiles [2]*place, i int) (*expanded, error) {
	if at.path == "" || at.name == emptyPlace {
		return &expanded{}, nil
	}
	if err := at.wholly(); err != nil {
		return nil, err
	}
	how := asked{remote: flags.remote, namespace: flags.namespace, catalog: true, why: true, listed: true, placed: placed{ctx: p.ctx, trees: p.trees()}}
	if profiles[i] != nil {
		profile, err := p.replacement(profiles, i, flags.remote)
		if err != nil {
			return nil, err
		}
		how.profile = profile
	}
	result, err := fromEither(process, at.path, how)
	if err != nil {
		return nil, err
	}
	if err := result.refuseUnreplaced(at); err != nil {
		return nil, err
	}
	return result, result.judge()
}

// part is a finished build without errors.
func (e *expanded) part(name string) part {
	// A name without a namespace says nothing to others, and is known well enough to compare it.
	catalogue, _ := e.catalogued(name)
	if catalogue == nil {
		catalogue = &v1alpha1.MeshCatalogSpec{}
	}
	objects, _ := item.Stream("", e.manifests)
	documents := slices.Clone(e.own)
	for i := range e.runs {
		documents = append(documents, e.runs[i].documents()...)
	}
	return part{
		name: name, lines: e.explanation.Lines, catalog: catalogue, objects: objects, documents: documents, inFile: e.inFile(objects), unseen: e.unseen(),
	}
}

// unseen are the warnings about objects that are passed on as they are, such as a List: what is in them may change in any way.
func (e *expanded) unseen() diag.List {
	var out diag.List
	for _, finding := range e.findings {
		if finding.Code == diag.UnreadableObject {
			out = append(out, finding)
		}
	}
	return out
}

// lay lays the applications of each side together.
func (g *group) lay(ends [2]*place) diag.List {
	for i, end := range ends {
		one, findings := lay(end.name, g.parts[i])
		if findings.HasErrors() {
			return findings
		}
		g.sides[i] = one
	}
	return nil
}

func lay(name string, parts []part) (*side.Side, diag.List) {
	var catalogs []catalog.Part
	var all part
	seen := map[string]bool{}
	for _, one := range parts {
		catalogs = append(catalogs, catalog.Part{From: one.name, Built: true, Spec: one.catalog})
		all.lines, all.objects = append(all.lines, one.lines...), append(all.objects, one.objects...)
		for _, document := range one.documents { // They have the same profile, and may have the same catalogues.
			text := string(document.Raw())
			if isProfile(document) {
				text = v1alpha1.KindMeshProfile
			}
			if !seen[text] {
				seen[text] = true
				all.documents = append(all.documents, document)
			}
		}
	}
	all.catalog = parts[0].catalog
	if len(parts) > 1 {
		whole, conflicts := catalog.Lay(catalogs)
		if len(conflicts) > 0 {
			return nil, conflicting(catalogs, conflicts)
		}
		all.catalog = whole
	}
	view, findings := expand.View(all.objects, all.documents)
	return &side.Side{
		Name: name, Lines: all.lines, Catalog: all.catalog, View: view, Objects: all.objects, InFile: inFiles(parts),
	}, findings
}

// inFiles asks each application for the file of a place.
func inFiles(parts []part) func(diag.Source) diag.Source {
	return func(at diag.Source) diag.Source {
		for _, one := range parts {
			if found := one.inFile(at); found.File != "" {
				return found
			}
		}
		return at
	}
}
