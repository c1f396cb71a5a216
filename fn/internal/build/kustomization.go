package build

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/yaml"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/reach"
)

// kustomization is a kustomization file: what it says, and where it says it.
type kustomization struct {
	dir     string // real directory
	name    string // which of the names that kustomize recognises
	shown   string // its path for people
	item    *item.Item
	content types.Kustomization
}

// place is where a field of the kustomization is written. Kustomize takes keys in any case; the place of one in an
// unusual case is that of the document.
func (k *kustomization) place(field string) diag.Source { return k.item.Source(field) }

// load reads the kustomization of a directory; from is the place that named the directory.
func (w *walk) load(dir string, from diag.Source) (*kustomization, bool) {
	name, path, ok := w.kustomizationFile(dir, from)
	if !ok {
		return nil, false
	}
	file, ok := w.yamlFile(path, from)
	if !ok {
		return nil, false
	}
	w.read[file.shown] = file.data
	if len(file.items) == 0 {
		w.report(diag.BuildFailed, diag.Source{File: file.shown}, "the kustomization is empty")
		return nil, false
	}
	if len(file.items) > 1 {
		w.report(diag.BuildFailed, file.items[1].Source(""),
			"a kustomization is one document; kustomize would ignore this second one")
		return nil, false
	}
	k := &kustomization{dir: dir, name: name, shown: file.shown, item: file.items[0]}
	return k, w.decode(k, file.data)
}

// kustomizationFile finds the kustomization file of a directory as kustomize does: exactly one of its names.
func (w *walk) kustomizationFile(dir string, from diag.Source) (name, path string, ok bool) {
	var names []string
	for _, candidate := range konfig.RecognizedKustomizationFileNames() {
		real, err := w.rootOf(dir).Resolve(filepath.Join(dir, candidate))
		if err == nil && reach.Within(dir, real) {
			names, path = append(names, candidate), real
		}
	}
	if len(names) == 1 {
		return names[0], path, true
	}
	for _, candidate := range konfig.RecognizedKustomizationFileNames() {
		if w.refuseAbsent(filepath.Join(dir, candidate), from) {
			return "", "", false
		}
	}
	shown := w.shown.of(dir)
	f := diag.Finding{Code: diag.BuildFailed, Source: from}
	f.Message = fmt.Sprintf("directory %q holds %s; kustomize takes exactly one", shown, strings.Join(names, " and "))
	if len(names) == 0 {
		f.Code = diag.NoInput
		f.Message = fmt.Sprintf("directory %q holds no %s", shown, choice(konfig.RecognizedKustomizationFileNames()))
		f.Try = fmt.Sprintf("add %s with\nresources:\n- <the manifests>",
			w.shown.of(filepath.Join(dir, konfig.DefaultKustomizationFileName())))
		if w.remotes.cloneOf(dir) == nil {
			f.Try += "\nor expand plain manifests with: meshfn render " + shown
		}
	}
	w.add(f)
	return "", "", false
}

// choice joins names as "a, b or c".
func choice(names []string) string {
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// decode fills the content with kustomize's own reading of the file: a second opinion on what a key means could be
// deceived, because kustomize takes keys in any case.
func (w *walk) decode(k *kustomization, data []byte) bool {
	if err := k.content.Unmarshal(data); err != nil {
		w.add(k.invalid(err))
		return false
	}
	fixed := k.content
	fixed.FixKustomization()
	if err := fixed.CheckEmpty(); err != nil {
		w.report(diag.BuildFailed, k.place(""), "the kustomization is empty")
		return false
	}
	for _, problem := range fixed.EnforceFields() {
		w.report(diag.BuildFailed, k.place("kind"), "%s", problem)
	}
	return true
}

// invalid turns kustomize's decoding error, which has no place, into a finding at the field that it names.
func (k *kustomization) invalid(err error) diag.Finding {
	f := diag.Finding{Code: diag.BuildFailed, Source: k.place("")}
	f.Message = "kustomize cannot read this kustomization: " + strings.TrimPrefix(err.Error(), "invalid Kustomization: ")
	if wrongType, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		f.Code = diag.WrongType
		f.Source = k.place(strings.Split(wrongType.Field, ".")[0])
		f.Message = fmt.Sprintf("%q does not take a value of type %s", wrongType.Field, wrongType.Value)
	}
	if unknown := regexp.MustCompile(`unknown field "([^"]*)"`).FindStringSubmatch(err.Error()); unknown != nil {
		f.Code = diag.UnknownField
		f.Source = k.place(unknown[1])
		f.Message = fmt.Sprintf("kustomize has no field %q here", unknown[1])
		f.Try = "see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ for the fields"
	}
	return f
}

// encode writes the kustomization for kustomize to read.
func (k *kustomization) encode() ([]byte, error) {
	k.content.FixKustomization()
	text, err := yaml.Marshal(k.content)
	if err != nil {
		return nil, fmt.Errorf("rewrite %s: %w", k.shown, err)
	}
	if len(k.content.Resources) == 0 {
		// Empty lists are not written, and a kustomization without any list would be refused as empty.
		text = append(bytes.TrimSuffix(text, []byte("{}\n")), "resources: []\n"...)
	}
	return text, nil
}
