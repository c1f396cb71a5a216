package build

import (
	"fmt"
	"path/filepath"
	"strings"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/api/types"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// candidate is a document of an entry before it was judged.
type candidate struct {
	resource *resource.Resource
	shown    string // the file it is in, as the kustomization would name it
	at       diag.Source
	listed   diag.Source // the element of the field that named it
}

// entryPrefix begins the names of the files that stand for entries. They exist in the view only.
const entryPrefix = ".meshfn-entry-"

func entryName(number int) string { return fmt.Sprintf("%s%d.yaml", entryPrefix, number) }

func isEntryName(path string) bool { return strings.HasPrefix(filepath.Base(path), entryPrefix) }

// entries judges the elements of transformers, generators or validators and returns the files that take their place,
// one for each document. Kustomize runs documents that are written into the field before those of files, wherever
// they stand, so they come first.
func (w *walk) entries(k *kustomization, field string, listed, stack []string) []string {
	var inline, named []string
	profiles := w.profileEntries(k, field, listed, stack)
	for i, text := range listed {
		r := reference{field: field, path: text, at: k.place(diag.At(field, i))}
		found, isInline := w.element(k, r, profiles[i], stack)
		for _, c := range found {
			if served := w.serve(k, field, c); isInline {
				inline = append(inline, served...)
			} else {
				named = append(named, served...)
			}
		}
	}
	return append(inline, named...)
}

// element reads the documents of one element, or those of the profile that takes its place.
func (w *walk) element(k *kustomization, r reference, how replaced, stack []string) (found []candidate, isInline bool) {
	if how != kept {
		return w.profile(k, r, how, stack), how == asInline
	}
	written, isInline, ok := w.documentsIn(r.path, r.at)
	switch {
	case !ok:
		return nil, false
	case !isInline:
		return w.named(k, r, stack), false
	}
	for _, res := range written {
		found = append(found, candidate{resource: res, shown: k.name, at: r.at, listed: r.at})
	}
	return found, true
}

// serve puts a document into the view, if it is accepted, and returns its name there.
func (w *walk) serve(k *kustomization, field string, c candidate) []string {
	accepted, refusal := w.judge(c.resource, field)
	c.at.Resource = diag.Resource{
		APIVersion: c.resource.GetApiVersion(),
		Kind:       c.resource.GetKind(),
		Namespace:  c.resource.GetNamespace(),
		Name:       c.resource.GetName(),
	}
	if refusal != nil {
		refusal.Source = c.at
		refusal.Message = c.at.Resource.String() + " " + refusal.Message
		w.add(*refusal)
		return nil
	}
	accepted.at = c.at
	if accepted.ours {
		w.runs++
		w.warnElsewhere(accepted)
		at := w.levels[k.dir]
		at.runs = append(at.runs, invocation{level: at, listed: c.listed, resource: c.at.Resource})
	} else {
		w.pluginFiles(k, accepted)
	}
	name := entryName(len(w.entryNames))
	w.entryNames = append(w.entryNames, c.shown)
	w.view.entries[filepath.Join(k.dir, name)] = accepted
	return []string{name}
}

// pluginFiles checks the files that the configuration of a builtin plugin names.
func (w *walk) pluginFiles(k *kustomization, c config) {
	refs, err := c.dataFiles()
	if err != nil {
		w.report(diag.BuildFailed, c.at, "the configuration of %s cannot be read: %s", c.resource.GetKind(),
			oneLine(err.Error()))
	}
	for _, r := range refs {
		w.dataFile(k, r)
	}
}

// named reads the documents of a file or directory among the entries.
func (w *walk) named(k *kustomization, r reference, stack []string) []candidate {
	path, isDir, ok := w.resolve(k, r)
	if !ok {
		return nil
	}
	if isDir {
		return w.directory(path, r, stack)
	}
	file, ok := w.yamlFile(path, r.at)
	if !ok {
		return nil
	}
	found, err := w.factory.RF().SliceFromBytes(file.data)
	if err != nil {
		w.report(diag.BuildFailed, diag.Source{File: file.shown}, "kustomize cannot read this entry of %s: %s", r.field,
			oneLine(err.Error()))
		return nil
	}
	w.read[file.shown] = file.data
	candidates := make([]candidate, 0, len(found))
	for _, res := range found {
		candidates = append(candidates, candidate{res, filepath.Clean(r.path), file.locate(res), r.at})
	}
	return candidates
}

// directory builds a directory among the entries with plugins disabled: its resources are the documents.
func (w *walk) directory(dir string, r reference, stack []string) []candidate {
	resources, known := w.directories[dir]
	if !known {
		resources = w.buildDirectory(dir, r, stack)
		w.directories[dir] = resources
	}
	listed := filepath.Clean(r.path)
	if found := w.remotes.named[r.path]; found != nil {
		listed = found.link()
	}
	candidates := make([]candidate, 0, len(resources))
	for _, res := range resources {
		c := candidate{res, listed, r.at, r.at}
		origin, err := res.GetOrigin()
		if err == nil && origin != nil {
			path := origin.Path + origin.ConfiguredIn
			c.shown = filepath.Join(listed, path)
			if file := w.yamlFiles[w.remotes.locate(dir, path)]; file != nil {
				c.at = file.locate(res)
				w.read[file.shown] = file.data
			}
		}
		candidates = append(candidates, c)
	}
	return candidates
}

func (w *walk) buildDirectory(dir string, r reference, stack []string) []*resource.Resource {
	before := w.problems
	inner := w.walk(true)
	inner.base(dir, r, stack)
	if w.problems > before {
		return nil
	}
	built, err := w.kustomize(inner.view, dir, types.PluginRestrictionsBuiltinsOnly, krusty.ReorderOptionNone)
	if err != nil {
		w.add(w.failure(err, r.at))
		return nil
	}
	return built.Resources()
}

// keepAsConfigured turns off what kustomize does to the output of a build but not to the entries of one: it drops
// documents marked local-config, sorts, and adds a hash to the names of generated documents.
func (w *walk) keepAsConfigured(k *kustomization) {
	if k.content.GeneratorOptions == nil {
		k.content.GeneratorOptions = &types.GeneratorOptions{}
	}
	k.content.GeneratorOptions.DisableNameSuffixHash = true
	if k != w.top {
		return
	}
	k.content.SortOptions = nil
	k.content.BuildMetadata = []string{types.OriginAnnotations}
	keep, err := w.factory.RF().FromBytes([]byte(`
apiVersion: builtin
kind: AnnotationsTransformer
metadata: {name: keep}
annotations: {` + konfig.IgnoredByKustomizeAnnotation + `: "false"}
fieldSpecs: [{path: metadata/annotations, create: true}]
`))
	if err != nil {
		w.report(diag.BuildFailed, diag.Source{File: k.shown}, "%v", err)
		return
	}
	k.content.Transformers = append(k.content.Transformers,
		w.serve(k, "transformers", candidate{resource: keep, shown: k.name})...)
}
