// Package item holds one KRM document the way it came: as bytes. Its identity is read from the lines, its fields are
// parsed when somebody asks, and an edit replaces only the bytes it is about. So a document that a run does not touch
// leaves exactly as it came, and costs almost nothing.
package item

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Place says where a document came from. File is "" and Line 0 when the host did not say.
type Place struct {
	File  string
	Index int // position of the document in its file, from 0
	Line  int // line in File of the document's first byte, from 1
}

// Item is one document. It is used through its pointer, and by one goroutine at a time: answers are remembered.
type Item struct {
	place    Place
	raw      []byte
	parsed   *reading // of raw, nil until somebody asks and after an edit
	lines    *outline // of raw, nil also when the scanner declined
	scanned  bool
	resource *diag.Resource

	edited   bool
	came     []byte   // the document before any edit
	cameRead *reading // of came, once it was edited

	shown *Item // the document that people see, nil where it is this one
}

// reading is what the full parser made of a document. Both can be set: see parse.
type reading struct {
	document *document
	problem  *problem
}

// New makes an item of one document's bytes, which must not change afterwards. The document may be indented as a whole;
// of a list entry the caller replaces the dash with a space.
func New(raw []byte, place Place) *Item { return &Item{place: place, raw: raw, came: raw} }

// Raw returns the document as it is now. The caller must not change it.
func (i *Item) Raw() []byte { return i.raw }

// Edited reports whether an edit changed the document.
func (i *Item) Edited() bool { return i.edited }

// Place returns where the document came from.
func (i *Item) Place() Place { return i.place }

// Node returns the root mapping. Its lines and columns are those of Raw, and it must not be changed. The error is the
// one that Check describes.
func (i *Item) Node() (*yaml.Node, error) {
	r := i.read()
	if r.problem != nil {
		return nil, fmt.Errorf("cannot read the document: %w", r.problem)
	}
	return r.document.root, nil
}

// Lookup returns the node at a path of keys with aliases followed and merge keys applied, nil when there is none or the
// document is not readable.
func (i *Item) Lookup(path ...string) *yaml.Node {
	root, err := i.Node()
	if err != nil {
		return nil
	}
	return lookup(root, path)
}

// String returns the text of the scalar at a path of keys, whatever its type. It is false where there is no scalar, and
// for null, which to Kubernetes is an absent field.
func (i *Item) String(path ...string) (string, bool) {
	if o := i.outline(); o != nil {
		if text, found, ok := o.get(path...); ok {
			return text, found
		}
	}
	d := i.read().document
	if d == nil {
		return "", false
	}
	return scalarText(lookup(d.root, path))
}

// Check returns nil when the document, as it came, is a YAML mapping within the limits and no mapping holds a key twice.
// Otherwise it returns the first problem. Edits cannot add one.
func (i *Item) Check() *diag.Finding {
	r := i.asCame()
	p := r.problem
	if p == nil {
		return nil
	}
	f := &diag.Finding{Code: p.code, Source: i.Source(""), Message: p.message, Try: p.try}
	if p.node != nil {
		f.Source.Field, _ = pathTo(r.document.root, p.node, "")
	}
	if i.hasLines() {
		i.placeInFile(f, p)
	} else if p.line > 0 {
		f.Message += fmt.Sprintf(" (line %d of the document)", p.line)
	}
	return f
}

// placeInFile adds the lines of a problem where the file is known.
func (i *Item) placeInFile(f *diag.Finding, p *problem) {
	before := i.place.Line - 1
	if p.line > 0 {
		f.Source.Line, f.Source.Column = before+p.line, p.column
	}
	if p.first != nil {
		f.Message += fmt.Sprintf("; the first is in line %d", before+p.first.Line)
		first := f.Source
		first.Line, first.Column = before+p.first.Line, p.first.Column
		f.Related = append(f.Related, first)
	}
}

// read parses the document once.
func (i *Item) read() reading {
	if i.parsed == nil {
		d, p := parse(i.raw, documentLimits())
		i.parsed = &reading{d, p}
	}
	return *i.parsed
}

// asCame is read for the document before any edit.
func (i *Item) asCame() reading {
	if !i.edited {
		return i.read()
	}
	if i.cameRead == nil {
		d, p := parse(i.came, documentLimits())
		i.cameRead = &reading{d, p}
	}
	return *i.cameRead
}

// outline cuts the document into lines once. It is nil when the scanner declined.
func (i *Item) outline() *outline {
	if !i.scanned {
		i.lines, i.scanned = newOutline(i.raw), true
	}
	return i.lines
}

// replace makes raw the document after an edit. r is what the full parser made of it, nil when it was not asked.
func (i *Item) replace(raw []byte, r *reading) {
	if !i.edited {
		i.edited, i.cameRead = true, i.parsed
	}
	i.raw, i.parsed = raw, r
	i.lines, i.scanned, i.resource = nil, false, nil
}
