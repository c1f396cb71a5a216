package cli

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/build"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/files"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/locate"
)

// initial is a build before it has a Mesh.
type initial struct {
	items      []*item.Item // as the function sees them
	written    []*item.Item // as they are written
	findings   diag.List
	texts      map[string][]byte
	file       func(*item.Item) string
	kustomized bool
	runs       bool // something runs meshfn already
}

// lookName is the name of the entry through which init sees a build. A build that runs meshfn already has an entry of its own.
const lookName = "meshfn-init"

func initInput(process *Process, flags *initFlags, path string) (*initial, error) {
	if !kustomized(path) {
		if flags.namespace != "" {
			return nil, namespaceOfManifests(path)
		}
		return initManifests(process, path)
	}
	built, err := fromKustomization(process, path, asked{remote: flags.remote, namespace: flags.namespace, whole: build.Profile(lookName)})
	if err != nil {
		return nil, err
	}
	out := &initial{
		findings: built.findings, texts: built.texts, written: items(built.documents), kustomized: true, runs: true,
	}
	var seen []locate.Document
	for _, run := range built.runs {
		for _, document := range run.seen {
			if document.Resource.Kind == v1alpha1.KindMeshProfile && document.Resource.Name == lookName {
				out.runs = false
				continue
			}
			seen = append(seen, document)
			out.items = append(out.items, item.New([]byte(document.Text), item.Place{}))
		}
	}
	index := locate.New(seen, out.written, nil)
	out.file = func(it *item.Item) string {
		located, _ := index.Source(it.Source(""))
		return below(path, located.File)
	}
	return out, nil
}

func initManifests(process *Process, path string) (*initial, error) {
	input, findings, err := files.Read(path, process.Stdin)
	if err != nil {
		return nil, err
	}
	out := &initial{findings: findings}
	if input != nil {
		out.items, out.written, out.texts = input.Items, input.Items, input.Texts
	}
	out.file = func(it *item.Item) string { return below(path, it.Place().File) }
	return out, nil
}

// below is a file as it is called from the directory that was named.
func below(dir, file string) string {
	if file == "" || strings.HasPrefix(file, "<") {
		return ""
	}
	relative, err := filepath.Rel(dir, file)
	if err != nil || relative == "." || slices.Contains(strings.Split(filepath.ToSlash(relative), "/"), "...") {
		return filepath.ToSlash(filepath.Base(file))
	}
	return filepath.ToSlash(relative)
}
