// Package locate finds the line of a finding when the documents reached the function without one: a host such as
// kustomize hands over parsed documents, but whoever started it has the files.
package locate

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// Document is a document as the function saw it: one of ours, or one that a finding points at.
type Document struct {
	Resource      diag.Resource `json:"resource"`
	PreviousNames []string      `json:"previousNames,omitempty"`
	Text          string        `json:"text"`
}

// Index finds places in files.
type Index struct {
	seen    []Document
	files   []*item.Item
	patches []*item.Item
	byName  map[called][]*item.Item // of files, made when it is first needed

	byResource map[diag.Resource]*Document
	byPlace    map[item.Place]*item.Item
	parsed     map[*Document]*item.Item // an explanation asks for thousands of places in one document
}

// called is how a document of a file is found again: an overlay changes names and namespaces, but not groups and kinds.
type called struct{ group, kind, name string }

// New pairs the documents that the function saw with the ones in files, and with the patches that changed them on the way.
func New(seen []Document, files, patches []*item.Item) *Index {
	return &Index{seen: seen, files: files, patches: patches}
}

// Findings puts a line on each finding that has a true one.
func (x *Index) Findings(findings diag.List) diag.List {
	out := make(diag.List, 0, len(findings))
	for _, finding := range findings {
		located, changed := x.source(finding.Source, finding.Code == diag.WrongType || finding.Code == diag.BadValue)
		if changed {
			finding.Because = append(finding.Because, x.overlaid(finding.Source, located))
		} else {
			finding.Source = located
			x.respell(&finding)
		}
		related := make([]diag.Source, 0, len(finding.Related))
		for _, source := range finding.Related {
			if better, changed := x.Source(source); !changed {
				source = better
			}
			related = append(related, source)
		}
		finding.Related = related
		out = append(out, finding)
	}
	return out
}

// overlaid says what is known of a value that an overlay set in a way that cannot be found.
func (x *Index) overlaid(source, located diag.Source) string {
	file := x.file(source.Resource, x.document(source.Resource))
	if file.Field(source.Field) == nil {
		return "an overlay added this to what is written at " + located.String()
	}
	return "an overlay changed this value; it is written at " + located.String()
}

// respell shows a number as it was written: on its way through a host 1.30 becomes 1.3.
func (x *Index) respell(finding *diag.Finding) {
	document := x.document(finding.Source.Resource)
	if document == nil {
		return
	}
	seen := x.item(document).Field(finding.Source.Field)
	written := x.written(finding.Source, document, seen)
	if !number(seen) || !number(written) || seen.Value == written.Value {
		return
	}
	for _, text := range []*string{&finding.Message, &finding.Try, &finding.Proposed} {
		*text = strings.ReplaceAll(*text, seen.Value, written.Value)
	}
}

func number(node *yaml.Node) bool {
	return node != nil && (node.Tag == "!!int" || node.Tag == "!!float")
}

// Source finds the place in a file of a place in a document that the function saw. changed reports that the value there is
// not the one the function saw, so that the line would mislead.
func (x *Index) Source(source diag.Source) (located diag.Source, changed bool) {
	return x.source(source, false)
}

// source points at the value itself where that is what is wrong, and at its key otherwise.
func (x *Index) source(source diag.Source, value bool) (located diag.Source, changed bool) {
	if source.Line > 0 || source.Resource.Kind == "" {
		return source, false
	}
	document := x.document(source.Resource)
	file := x.file(source.Resource, document)
	if file == nil {
		return source, false
	}
	located = file.Source(source.Field)
	if node := file.Field(source.Field); value && node != nil {
		located = file.SourceOf(node, source.Field)
	}
	located.Resource = source.Resource
	if document == nil {
		return located, false
	}
	source.Field = existing(x.item(document), source.Field)
	seen := x.item(document).Field(source.Field)
	if source.Field == "" || same(seen, file.Field(source.Field)) {
		return located, false
	}
	if change := x.change(document, source.Field, seen); change != nil {
		return change.place(source, value), false
	}
	return located, true
}

// existing is a field, or what is nearest above it where the document does not have it: a short form has no fields, and a
// patch may have brought it.
func existing(document *item.Item, field string) string {
	for field != "" && document.Field(field) == nil {
		field, _ = diag.Parent(field)
	}
	return field
}

// written is the value of a field as it is written: in the patch that set it, or else in the document itself.
func (x *Index) written(source diag.Source, document *Document, seen *yaml.Node) *yaml.Node {
	if change := x.change(document, source.Field, seen); change != nil {
		return change.value
	}
	if file := x.file(source.Resource, document); file != nil {
		return file.Field(source.Field)
	}
	return nil
}

func (x *Index) document(resource diag.Resource) *Document {
	if x.byResource == nil {
		x.byResource = make(map[diag.Resource]*Document, len(x.seen))
		for i := range x.seen {
			if x.byResource[x.seen[i].Resource] == nil {
				x.byResource[x.seen[i].Resource] = &x.seen[i]
			}
		}
	}
	return x.byResource[resource]
}

// item is a document as the function saw it, parsed once.
func (x *Index) item(document *Document) *item.Item {
	if x.parsed[document] == nil {
		if x.parsed == nil {
			x.parsed = map[*Document]*item.Item{}
		}
		x.parsed[document] = item.New([]byte(document.Text), item.Place{})
	}
	return x.parsed[document]
}

// file is the one document of the files that can be meant: of the same kind, by its name now or before. Of two candidates
// it is the one that says the namespace, or else none.
func (x *Index) file(resource diag.Resource, document *Document) *item.Item {
	names := []string{resource.Name}
	if document != nil {
		names = append(names, document.PreviousNames...)
	}
	group, _, grouped := strings.Cut(resource.APIVersion, "/")
	if !grouped {
		group = ""
	}
	var found []*item.Item
	for _, name := range names {
		for _, it := range x.named(called{group, resource.Kind, name}) {
			if !slices.Contains(found, it) {
				found = append(found, it)
			}
		}
	}
	if len(found) == 0 && document != nil && len(document.PreviousNames) == 0 {
		found = x.within(called{group, resource.Kind, resource.Name})
	}
	if len(found) > 1 {
		found = slices.DeleteFunc(found, func(it *item.Item) bool { return it.Namespace() != resource.Namespace })
	}
	if len(found) != 1 {
		return nil
	}
	return found[0]
}

// within lists the documents whose name an overlay may have put between a prefix and a suffix. A finished build does not
// say what its objects were called before.
func (x *Index) within(now called) []*item.Item {
	var found []*item.Item
	for _, it := range x.files {
		if it.Group() == now.group && it.Kind() == now.kind && it.Name() != "" && strings.Contains(now.name, it.Name()) {
			found = append(found, it)
		}
	}
	return found
}

func (x *Index) named(by called) []*item.Item {
	if x.byName == nil {
		x.byName = map[called][]*item.Item{}
		for _, it := range x.files {
			key := called{it.Group(), it.Kind(), it.Name()}
			x.byName[key] = append(x.byName[key], it)
		}
	}
	return x.byName[by]
}

// same compares two values as YAML, whatever their style.
func same(a, b *yaml.Node) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	if a.Kind != yaml.ScalarNode || b.Kind != yaml.ScalarNode {
		return a.Kind == b.Kind
	}
	if number(a) && number(b) {
		left, errA := strconv.ParseFloat(a.Value, 64)
		right, errB := strconv.ParseFloat(b.Value, 64)
		return errA == nil && errB == nil && left == right
	}
	return a.Value == b.Value
}
