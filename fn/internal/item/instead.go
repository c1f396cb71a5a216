package item

import (
	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Instead is the document with another text, to be judged in its place. The text has the same lines. Whatever is found in it
// is shown in the document itself, because nobody has the other text before them.
func (i *Item) Instead(raw []byte) *Item {
	twin := New(raw, i.place)
	twin.shown = i
	return twin
}

// shownAt is the place of a node in the document that people see, by its path; where the path is not in it, the line alone.
func (i *Item) shownAt(node *yaml.Node, path string) diag.Source {
	if there := i.shown.Field(path); there != nil {
		return i.shown.SourceOf(there, path)
	}
	return i.shown.SourceOf(&yaml.Node{Line: node.Line}, path)
}
