package build

import (
	"bytes"
	"errors"
	"io"
	"strings"

	goyaml "go.yaml.in/yaml/v3"
	"sigs.k8s.io/kustomize/api/resource"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// document is one document of a YAML file.
type document struct {
	index, line int
	raw         []byte
	resource    diag.Resource
}

// yamlFile is a YAML file whose documents are bounded and well formed.
type yamlFile struct {
	shown     string
	data      []byte
	documents []document
	findings  diag.List
}

// STAND-IN
func scan(file string, data []byte) ([]document, diag.List) {
	var docs []document
	dec := goyaml.NewDecoder(bytes.NewReader(data))
	for i := 0; ; i++ {
		var n goyaml.Node
		err := dec.Decode(&n)
		if errors.Is(err, io.EOF) {
			return docs, nil
		}
		if err != nil {
			return docs, diag.List{{Code: diag.NotYAML, Source: diag.Source{File: file, Line: 1, Column: 1}, Message: err.Error()}}
		}
		if size(&n, map[*goyaml.Node]int{}) > 100000 {
			return docs, diag.List{{Code: diag.TooLarge, Source: diag.Source{File: file, Line: 1, Column: 1}, Message: "bomb"}}
		}
		var head struct {
			APIVersion string `yaml:"apiVersion"`
			Kind       string
			Metadata   struct{ Name, Namespace string }
		}
		_ = n.Decode(&head)
		docs = append(docs, document{i, n.Line, data, diag.Resource{head.APIVersion, head.Kind, head.Metadata.Namespace, head.Metadata.Name}})
	}
}

func size(n *goyaml.Node, memo map[*goyaml.Node]int) int {
	if s, ok := memo[n]; ok {
		return s
	}
	s := 1
	if n.Alias != nil {
		s += size(n.Alias, memo)
	}
	for _, c := range n.Content {
		s = min(s+size(c, memo), 1<<30)
	}
	memo[n] = s
	return s
}

// yamlFile reads a YAML file, reports what is wrong with it, and remembers the documents of meshfn.
func (p *plan) yamlFile(path string, from diag.Source) (*yamlFile, bool) {
	file, known := p.yamlFiles[path]
	if !known {
		data, err := p.files.read(path)
		if err != nil {
			p.add(p.unreadable(err, p.shown.of(path), from))
			return nil, false
		}
		file = &yamlFile{shown: p.shown.of(path), data: data}
		file.documents, file.findings = scan(file.shown, data)
		p.yamlFiles[path] = file
		p.remember(file)
	}
	// Every use repeats the findings, because each of the trees it belongs to must not be built.
	p.findings = append(p.findings, file.findings...)
	return file, !file.findings.HasErrors()
}

func (p *plan) remember(file *yamlFile) {
	for _, d := range file.documents {
		if strings.HasPrefix(d.resource.APIVersion, group+"/") {
			p.read[file.shown] = file.data
			p.docs = append(p.docs, Doc{File: file.shown, Index: d.index, Line: d.line, Raw: d.raw})
		}
	}
}

// locate finds a resource among the documents it was read from.
func (f *yamlFile) locate(res *resource.Resource) diag.Source {
	at := diag.Source{File: f.shown}
	for _, d := range f.documents {
		if d.resource.Kind == res.GetKind() && d.resource.Name == res.GetName() {
			at.Index, at.Line, at.Column = d.index, d.line, 1
			return at
		}
	}
	return at
}

// documentsIn reads documents that are written where a path could stand. The last result is false when a finding was
// reported.
func (p *plan) documentsIn(text string, at diag.Source) (found []*resource.Resource, isDocuments, ok bool) {
	_, findings := scan(at.File, []byte(text))
	for _, f := range findings {
		if f.Code == diag.TooLarge || f.Code == diag.TooDeep {
			f.Source = at
			p.add(f)
			return nil, false, false
		}
	}
	found, err := p.factory.RF().SliceFromBytes([]byte(text))
	return found, err == nil, true
}
