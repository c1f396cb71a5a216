package cli

import (
	"os"
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/compare/side"
	"github.com/meshfn/meshfn/fn/internal/expand"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// diffSides builds both sides, one after the other: only one build may run in a process.
func diffSides(process *Process, flags *diffFlags, names ...string) ([]*side.Side, map[string][]byte, error) {
	var sides []*side.Side
	var texts []map[string][]byte
	failed := false
	for _, name := range names {
		built, read, err := diffSide(process, flags, name)
		if err != nil {
			return nil, nil, err
		}
		failed = failed || built == nil
		sides, texts = append(sides, built), append(texts, read)
	}
	if failed {
		return nil, nil, errFindings
	}
	return sides, textsOf(texts...), nil
}

// diffSide builds one side. Where it has errors they are printed, and there is no side.
func diffSide(process *Process, flags *diffFlags, name string) (*side.Side, map[string][]byte, error) {
	if name == os.DevNull {
		nothing, err := emptySide(name)
		return nothing, nil, err
	}
	result, err := fromEither(process, name, asked{remote: flags.remote, catalog: true, why: true, listed: true})
	if err != nil {
		return nil, nil, err
	}
	if err := result.judge(); err != nil {
		return nil, nil, err
	}
	if result.findings.HasErrors() {
		printFindings(process, result.findings, result.texts)
		return nil, nil, nil
	}
	built, err := result.side(name)
	return built, result.texts, err
}

func emptySide(name string) (*side.Side, error) {
	view, _ := expand.View(nil, nil)
	return &side.Side{Name: name, Catalog: &v1alpha1.MeshCatalogSpec{}, View: view}, nil
}

// side is a finished build without errors, as it is compared.
func (e *expanded) side(name string) (*side.Side, error) {
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
	view, findings := expand.View(objects, documents)
	if findings.HasErrors() {
		return nil, errFindings
	}
	return &side.Side{Name: name, Lines: e.explanation.Lines, Catalog: catalogue, View: view, Objects: objects, InFile: e.inFile(objects)}, nil
}
