package build

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	goyaml "go.yaml.in/yaml/v3"
	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/yaml"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// kustomization is a kustomization file: what it says, and where it says it.
type kustomization struct {
	dir     string // real directory
	name    string // which of the names that kustomize recognises
	shown   string // its path for people
	node    *goyaml.Node
	content types.Kustomization
}

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
	k := &kustomization{dir: dir, name: name, shown: w.shown.of(path), node: new(goyaml.Node)}
	w.read[k.shown] = file.data
	if err := goyaml.Unmarshal(file.data, k.node); err != nil {
		w.report(diag.NotYAML, diag.Source{File: k.shown}, "%v", err)
		return nil, false
	}
	return k, w.decode(k, file)
}

// kustomizationFile finds the kustomization file of a directory as kustomize does: exactly one of its names.
func (w *walk) kustomizationFile(dir string, from diag.Source) (name, path string, ok bool) {
	var names []string
	for _, candidate := range konfig.RecognizedKustomizationFileNames() {
		real, err := filepath.EvalSymlinks(filepath.Join(dir, candidate))
		if err == nil && within(dir, real) {
			names, path = append(names, candidate), real
		}
	}
	shown := w.shown.of(dir)
	switch len(names) {
	case 1:
		return names[0], path, true
	case 0:
		f := diag.Finding{Code: diag.NoInput, Source: from}
		f.Message = fmt.Sprintf("directory %q holds no %s", shown, choice(konfig.RecognizedKustomizationFileNames()))
		f.Try = fmt.Sprintf("add %s with\nresources:\n- <the manifests>\n"+
			"or expand plain manifests with: meshfn render %s", filepath.Join(shown, names0()), shown)
		w.add(f)
	default:
		w.report(diag.BuildFailed, diag.Source{File: shown}, "directory %q holds %s; kustomize takes exactly one",
			shown, strings.Join(names, " and "))
	}
	return "", "", false
}

func names0() string { return konfig.DefaultKustomizationFileName() }

// choice joins names as "a, b or c".
func choice(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// within reports whether a real file lies in or below a real directory, which is all that kustomize may read.
func within(dir, file string) bool {
	relative, err := filepath.Rel(dir, file)
	return err == nil && filepath.IsLocal(relative)
}

// decode fills the content with kustomize's own reading of the file: its keys match in any case, for example, so a
// second opinion on what a key means could be deceived.
func (w *walk) decode(k *kustomization, file *yamlFile) bool {
	if len(file.documents) > 1 {
		w.report(diag.BuildFailed, diag.Source{File: k.shown, Index: 1, Line: file.documents[1].line, Column: 1},
			"a kustomization is one document; kustomize would ignore this second one")
		return false
	}
	if err := k.content.Unmarshal(file.data); err != nil {
		w.add(k.invalid(err))
		return false
	}
	fixed := k.content
	fixed.FixKustomization()
	if err := fixed.CheckEmpty(); err != nil {
		w.report(diag.BuildFailed, diag.Source{File: k.shown}, "the kustomization is empty")
		return false
	}
	for _, problem := range fixed.EnforceFields() {
		w.report(diag.BuildFailed, k.place(strings.Fields(problem)[0]), "%s", problem)
	}
	return true
}

// invalid turns kustomize's decoding error, which has no place, into a finding at the field that it names.
func (k *kustomization) invalid(err error) diag.Finding {
	f := diag.Finding{Code: diag.BuildFailed, Source: diag.Source{File: k.shown}}
	f.Message = "kustomize cannot read this kustomization: " + strings.TrimPrefix(err.Error(), "invalid Kustomization: ")
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		f.Code = diag.WrongType
		f.Source = k.place(strings.Split(wrongType.Field, ".")[0])
		f.Message = fmt.Sprintf("%q does not take a %s", wrongType.Field, wrongType.Value)
	}
	if match := regexp.MustCompile(`unknown field "([^"]*)"`).FindStringSubmatch(err.Error()); match != nil {
		f.Code = diag.UnknownField
		f.Message = fmt.Sprintf("kustomize has no field %q here", match[1])
		f.Try = "see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ for the fields"
		if key := findKey(k.node, match[1]); key != nil {
			f.Source.Line, f.Source.Column = key.Line, key.Column
		}
	}
	return f
}

// findKey returns the first key of that name anywhere in the document.
func findKey(node *goyaml.Node, name string) *goyaml.Node {
	for i, child := range node.Content {
		if node.Kind == goyaml.MappingNode && i%2 == 0 && child.Value == name {
			return child
		}
		if found := findKey(child, name); found != nil {
			return found
		}
	}
	return nil
}

// place gives the position of a value: keys and list indexes from the top of the kustomization.
func (k *kustomization) place(path ...any) diag.Source {
	at := diag.Source{File: k.shown}
	node := k.node
	if node.Kind == goyaml.DocumentNode {
		node = node.Content[0]
	}
	for _, step := range path {
		switch step := step.(type) {
		case string:
			at.Field = diag.Join(at.Field, step)
		case int:
			at.Field = diag.At(at.Field, step)
		}
		node = child(node, step)
	}
	if node != nil {
		at.Line, at.Column = node.Line, node.Column
	}
	return at
}

func child(node *goyaml.Node, step any) *goyaml.Node {
	if node != nil && node.Kind == goyaml.AliasNode {
		node = node.Alias
	}
	if node == nil {
		return nil
	}
	switch step := step.(type) {
	case int:
		if node.Kind == goyaml.SequenceNode && step < len(node.Content) {
			return node.Content[step]
		}
	case string:
		for i := 0; node.Kind == goyaml.MappingNode && i+1 < len(node.Content); i += 2 {
			if strings.EqualFold(node.Content[i].Value, step) {
				return node.Content[i+1]
			}
		}
	}
	return nil
}

// encode writes the kustomization for kustomize to read.
func (k *kustomization) encode() ([]byte, error) {
	k.content.FixKustomization()
	text, err := yaml.Marshal(k.content)
	if err != nil {
		return nil, fmt.Errorf("rewrite %s: %w", k.shown, err)
	}
	if len(k.content.Resources) == 0 {
		// Without any list, a kustomization that is not empty in the repository would be refused as empty.
		text = append(bytes.TrimSuffix(text, []byte("{}\n")), "resources: []\n"...)
	}
	return text, nil
}
