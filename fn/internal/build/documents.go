package build

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	goyaml "go.yaml.in/yaml/v3"
	"sigs.k8s.io/kustomize/api/resource"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// yamlFile is a file of documents as it was read.
type yamlFile struct {
	shown string
	data  []byte
	items []*item.Item
	bad   bool
}

// yamlFile reads a file of documents, reports what is wrong with it, and remembers its documents.
func (p *plan) yamlFile(real string, from diag.Source) (*yamlFile, bool) {
	file, known := p.yamlFiles[real]
	if !known {
		data, err := p.files.read(real)
		if err != nil {
			p.add(p.unreadable(err, p.shown.of(real), from))
			return nil, false
		}
		file = p.parse(p.shown.of(real), data)
		p.yamlFiles[real] = file
	} else if file.bad {
		p.problems++ // It was reported, and this tree must not be built either.
	}
	return file, !file.bad
}

func (p *plan) parse(shown string, data []byte) *yamlFile {
	file := &yamlFile{shown: shown, data: data}
	items, findings := item.Stream(shown, data)
	for _, document := range items {
		if finding := document.Check(); finding != nil {
			findings = append(findings, *finding)
			continue
		}
		at := document.Place()
		if strings.HasPrefix(document.Resource().APIVersion, v1alpha1.Group+"/") {
			findings = append(findings, textKeys(document)...)
			p.ours++
		}
		if !isKustomizationName(shown) {
			p.docs = append(p.docs, Doc{File: shown, Index: at.Index, Line: at.Line, Raw: document.Raw()})
			p.read[shown] = data
		}
		// A fresh item does not hold on to the parsed document, which takes many times its size.
		file.items = append(file.items, item.New(document.Raw(), at))
	}
	if len(findings) == 0 && bytes.Contains(data, []byte("&")) {
		// Kustomize cuts a file into documents in its own way, so what it will expand is measured in its way too.
		file.bad = !p.bound(data, diag.Source{File: shown})
	}
	for _, finding := range findings {
		p.add(finding)
		p.read[shown] = data
		file.bad = true
	}
	return file
}

// locate finds a resource among the documents it was read from.
func (f *yamlFile) locate(res *resource.Resource) diag.Source {
	for _, document := range f.items {
		if is := document.Resource(); is.Kind == res.GetKind() && is.Name == res.GetName() {
			return document.Source("")
		}
	}
	return diag.Source{File: f.shown}
}

// documentsIn reads documents that are written where a path could stand. The last result is false when a finding was
// reported.
func (p *plan) documentsIn(text string, at diag.Source) (found []*resource.Resource, isDocuments, ok bool) {
	if !p.bound([]byte(text), at) {
		return nil, false, false
	}
	found, err := p.factory.RF().SliceFromBytes([]byte(text))
	if err != nil && strings.Contains(text, "\n") {
		p.report(diag.NotYAML, at, "this text is neither a path nor documents that kustomize can read: %s",
			oneLine(err.Error()))
		return nil, false, false
	}
	return found, err == nil, true
}

// bound reports a text that is not bounded.
func (p *plan) bound(text []byte, at diag.Source) bool {
	err := p.bounded(text)
	switch {
	case errors.Is(err, errTooLarge):
		p.report(diag.TooLarge, at, "this text is %v", err)
	case err != nil:
		p.report(diag.NotYAML, at, "this text is not readable as YAML: %v", err)
	}
	return err == nil
}

// maxAliasValues is how many values the aliases of all files together may stand for. item.MaxAliasExpansion bounds one
// document, but thousands of small documents fit into a file.
const maxAliasValues = 10 * item.MaxAliasExpansion

// bounded refuses YAML that grows without a bound when its aliases are expanded, which kustomize does before it looks
// at what the text is, and YAML that kustomize would cut into other documents than a YAML parser.
func (p *plan) bounded(text []byte) error {
	if !bytes.Contains(bytes.TrimSpace(text), []byte("\n")) && !bytes.Contains(text, []byte("&")) {
		return nil // One line without an anchor, such as a path.
	}
	if separator := regexp.MustCompile(`(?m)^---[^\s].*$`).Find(text); separator != nil {
		return fmt.Errorf("line %q is no document separator", separator)
	}
	decoder := goyaml.NewDecoder(bytes.NewReader(text))
	for {
		var document goyaml.Node
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		written := map[*goyaml.Node]int{}
		grown := expandedSize(&document, written) - len(written)
		if p.aliasValues+grown > maxAliasValues {
			return fmt.Errorf("%w: with it, the aliases of this build stand for more than %d values", errTooLarge,
				maxAliasValues)
		}
		p.aliasValues += grown
	}
}

// endless is a size that is too large for every document, and far from the largest number.
const endless = 1 << 40

// expandedSize counts values with aliases expanded. What contains an alias to itself counts as endless.
func expandedSize(node *goyaml.Node, known map[*goyaml.Node]int) int {
	if size, ok := known[node]; ok {
		return size
	}
	known[node] = endless
	size := 1
	if node.Alias != nil {
		size += expandedSize(node.Alias, known)
	}
	for _, child := range node.Content {
		size = min(size+expandedSize(child, known), endless)
	}
	known[node] = size
	return size
}
