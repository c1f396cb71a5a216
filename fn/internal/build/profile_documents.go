package build

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"sigs.k8s.io/kustomize/api/resource"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/reach"
)

// ProfileDocuments reads a profile the way an entry of a kustomization would, for manifests without one.
func ProfileDocuments(ctx context.Context, o Options) (*Result, diag.List, error) {
	dir, err := o.Profile.directory()
	if err != nil {
		return nil, nil, err
	}
	o.Dir = relocated(dir)
	if t := o.treeOf(dir); t != nil {
		o.Dir = t.Show(dir)
	}
	clones, err := os.MkdirTemp("", "meshfn-build-")
	if err != nil {
		return nil, nil, fmt.Errorf("make a directory for what is fetched: %w", err)
	}
	defer os.RemoveAll(clones) //nolint:errcheck // a leftover directory is no reason to lose the profile
	p := newPlan(ctx, o, dir, clones, defaultLimits())
	if p.may, _, err = reach.Of(dir); err != nil {
		return nil, nil, err
	}
	w := p.walk(false)
	k := &kustomization{dir: dir, name: filepath.Base(o.Profile.Path)}
	w.levels[dir] = &level{k: k}
	result := &Result{Read: map[string][]byte{}}
	for _, c := range w.named(k, reference{field: "transformers", path: o.Profile.Path, at: diag.Source{File: p.shown.of(o.Profile.Path)}}, nil) {
		if gvk := c.resource.GetGvk(); gvk.Group == v1alpha1.Group && gvk.Kind == v1alpha1.KindMeshProfile {
			doc, err := p.asWritten(c)
			if err != nil {
				return nil, nil, err
			}
			result.Docs = append(result.Docs, doc)
			result.Read[doc.File] = p.read[doc.File]
			if result.Read[doc.File] == nil {
				result.Read[doc.File] = doc.Raw
			}
		}
	}
	return result, p.findings.Sorted(), nil
}

// directory is that of the profile, or the one that holds its file.
func (r *Replacement) directory() (string, error) {
	info, err := os.Stat(r.Path)
	if err == nil && !info.IsDir() {
		return filepath.Dir(r.Path), nil
	}
	return r.Path, err
}

// asWritten is a document with its place in a file, or as it was built where no file holds it as it is.
func (p *plan) asWritten(c candidate) (Doc, error) {
	for _, doc := range p.docs {
		written, err := p.factory.RF().SliceFromBytes(doc.Raw)
		if err == nil && len(written) == 1 && p.equal(written[0], c.resource) {
			return doc, nil
		}
	}
	canonical, err := p.walk(false).canonical(c.resource)
	if err != nil {
		return Doc{}, err
	}
	text, err := canonical.AsYAML()
	return Doc{File: p.options.Dir + " (built)", Line: 1, Raw: text}, err
}

// equal compares documents without the marks that kustomize sets on them.
func (p *plan) equal(one, other *resource.Resource) bool {
	w := p.walk(false)
	a, errA := w.canonical(one)
	b, errB := w.canonical(other)
	if errA != nil || errB != nil {
		return false
	}
	textA, errA := a.AsYAML()
	textB, errB := b.AsYAML()
	return errA == nil && errB == nil && string(textA) == string(textB)
}
