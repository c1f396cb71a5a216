package item

import (
	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Field returns the node at a field path as findings write it, or nil when the document has none.
func (i *Item) Field(path string) *yaml.Node {
	node, err := i.Node()
	if err != nil {
		return nil
	}
	steps, _ := diag.Split(path)
	for _, s := range steps {
		switch {
		case node.Kind == yaml.MappingNode && !s.Listed:
			if _, node = field(node, s.Key); node == nil {
				return nil
			}
			node = deref(node)
		case node.Kind == yaml.SequenceNode && s.Listed && s.Index < len(node.Content):
			node = deref(node.Content[s.Index])
		default:
			return nil
		}
	}
	return node
}

// SourceOf is the place of a node of the document as it came, which is where a caret belongs when a value is wrong. The
// field path is kept for hosts without lines.
func (i *Item) SourceOf(node *yaml.Node, path string) diag.Source {
	if i.shown != nil {
		return i.shownAt(node, path)
	}
	s := diag.Source{File: i.place.File, Index: i.place.Index, Resource: i.Resource(), Field: path}
	if d := i.asCame().document; d != nil && i.hasLines() && node.Line > 0 {
		s.Line, s.Column = i.place.Line+d.editorLine(node.Line)-1, node.Column
	}
	return s
}
