package item

import (
	"bytes"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Source is where a field is written: the line and column of its key, or of the nearest ancestor that exists. The root
// is the first line that is not a comment. Lines are those of the file as it came, whatever was edited since, and are
// left out when the host did not say which file that is. The path is written as diag.Join and diag.At write it.
func (i *Item) Source(field string) diag.Source {
	if i.shown != nil {
		return i.shown.Source(field)
	}
	s := diag.Source{File: i.place.File, Index: i.place.Index, Resource: i.Resource(), Field: field}
	if !i.hasLines() {
		return s
	}
	line, column := i.locate(field)
	s.Line, s.Column = i.place.Line+line-1, column
	return s
}

func (i *Item) hasLines() bool { return i.place.File != "" && i.place.Line > 0 }

// locate returns the line and column of a field in the document as it came.
func (i *Item) locate(field string) (line, column int) {
	d := i.asCame().document
	if d == nil {
		return firstLine(i.came)
	}
	steps, _ := diag.Split(field) // A field with an odd name still has the place of its parent.
	n := nearest(d.root, steps)
	return d.editorLine(n.Line), n.Column
}

// nearest returns the key of the field, the list entry, or that of the last ancestor that exists.
func nearest(root *yaml.Node, path []diag.Step) *yaml.Node {
	at, n := root, root
	for _, s := range path {
		switch {
		case n.Kind == yaml.MappingNode && !s.Listed:
			key, val := field(n, s.Key)
			if key == nil {
				return at
			}
			at, n = key, deref(val)
		case n.Kind == yaml.SequenceNode && s.Listed && s.Index < len(n.Content):
			at = n.Content[s.Index]
			n = deref(at)
		default:
			return at
		}
	}
	return at
}

// firstLine finds the first line that says something, without parsing.
func firstLine(raw []byte) (line, column int) {
	number := 0
	for text := range bytes.Lines(raw) {
		number++
		if word := bytes.TrimLeft(text, " "); len(bytes.Trim(word, whitespace)) > 0 && word[0] != '#' {
			return number, len(text) - len(word) + 1
		}
	}
	return 1, 1
}

// pathTo returns the field path of a key inside a document, "" when it is not there.
func pathTo(n, key *yaml.Node, path string) (string, bool) {
	for i, child := range n.Content {
		at := path
		switch {
		case n.Kind == yaml.SequenceNode:
			at = diag.At(path, i)
		case i%2 == 0 && child == key:
			return diag.Join(path, deref(child).Value), true
		case n.Kind == yaml.MappingNode:
			at = diag.Join(path, deref(n.Content[i-i%2]).Value)
		}
		if found, ok := pathTo(child, key, at); ok {
			return found, true
		}
	}
	return "", false
}
