package substitute

import (
	"bytes"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// Variables are what a build leaves to Flux.
type Variables struct {
	samples  map[string]sample // by name, those that are declared
	used     []*used           // those that are followed, by name
	scalars  []scalar          // values of our own documents that hold some
	owned    map[*item.Item]bool
	marks    map[string]string // by which a text that stands for a variable is recognised, by name
	findings diag.List
}

// used is a variable of the build.
type used struct {
	name, text string // text as it is written, with braces
	sample     string
	from       string // where the sample comes from, in words
	foreign    bool   // only manifests hold it
	counted    bool   // a number, which is no text that could be found again
	mixed      bool   // in several forms, of which none is the right one to write
	at         []diag.Source

	near, long, short string // what else stands for it, see values.go
}

// scalar is a value of a document of ours.
type scalar struct {
	text string
	at   diag.Source
}

func (v *Variables) report(finding diag.Finding) { v.findings = append(v.findings, finding) }

// Find finds the variables of a build, nil where there is nothing to follow. Only where a document of ours holds one, or
// declares samples, is the rest of the build looked at: without that, everything leaves as it came anyway.
func Find(items []*item.Item, config *item.Item, given map[string]string) (*Variables, diag.List) {
	own := documents(items, config)
	if !concerned(own, items, given) || slices.ContainsFunc(own, unreadable) {
		return nil, nil // What is not readable is said by the reader.
	}
	v := &Variables{owned: map[*item.Item]bool{}, marks: map[string]string{}}
	for _, document := range own {
		v.owned[document.whole()] = true
	}
	v.declare(own, given)
	for _, document := range own {
		v.scan(document)
	}
	for _, it := range items {
		v.also(it)
	}
	slices.SortFunc(v.used, func(a, b *used) int { return bytes.Compare([]byte(a.name), []byte(b.name)) })
	v.unused(items)
	if len(v.used) == 0 && len(v.findings) == 0 {
		return nil, nil
	}
	v.invent(items, config)
	return v, v.findings
}

// concerned is the quick look that every build has to pay for.
func concerned(own []document, items []*item.Item, given map[string]string) bool {
	holds := func(raw []byte) bool { return bytes.Contains(raw, []byte(mark)) }
	if len(own) == 0 || len(given) > 0 {
		return slices.ContainsFunc(items, func(it *item.Item) bool { return holds(it.Raw()) })
	}
	return slices.ContainsFunc(own, func(d document) bool {
		return holds(d.item.Raw()) || bytes.Contains(d.item.Raw(), []byte("substituteSamples"))
	})
}

// document is one of ours: an item, or a text inside the ConfigMap that configures the function.
type document struct {
	item  *item.Item
	outer *item.Item // the ConfigMap, nil for none
	key   string
}

func unreadable(d document) bool { return d.item.Check() != nil }

// whole is the item in which the document leaves.
func (d *document) whole() *item.Item {
	if d.outer != nil {
		return d.outer
	}
	return d.item
}

func (d *document) at(node *yaml.Node, path string) diag.Source {
	if d.outer != nil {
		return d.outer.Source(diag.Join("data", d.key))
	}
	return d.item.SourceOf(node, path)
}

// documents lists the documents of our group.
func documents(items []*item.Item, config *item.Item) []document {
	var own []document
	for _, it := range items {
		if it.Group() == v1alpha1.Group {
			own = append(own, document{item: it})
		}
	}
	switch {
	case config == nil || slices.Contains(items, config):
	case config.Group() == v1alpha1.Group:
		own = append(own, document{item: config})
	case config.Kind() == "ConfigMap":
		own = append(own, inside(config)...)
	}
	return own
}

// inside lists the documents that a ConfigMap holds as text.
func inside(config *item.Item) []document {
	data := config.Lookup("data")
	if data == nil || data.Kind != yaml.MappingNode {
		return nil
	}
	var own []document
	for i := 0; i+1 < len(data.Content); i += 2 {
		texts, _ := item.Stream("", []byte(data.Content[i+1].Value))
		for _, it := range texts {
			own = append(own, document{item: it, outer: config, key: data.Content[i].Value})
		}
	}
	return own
}
