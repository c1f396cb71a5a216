package locate

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// change is a value in a patch, and the operation that sets it where the patch is a list of these.
type change struct {
	patch     *item.Item
	operation *yaml.Node
	value     *yaml.Node
}

// place points at the value where that is what is wrong, and at its key otherwise.
func (c *change) place(source diag.Source, value bool) diag.Source {
	located := c.patch.Source(source.Field)
	switch at := c.patch.Place(); {
	case c.operation != nil:
		located.Line, located.Column = at.Line+c.operation.Line-1, c.operation.Column
	case value:
		located = c.patch.SourceOf(c.value, source.Field)
	}
	located.Resource = source.Resource
	return located
}

// change finds the one patch that sets a field of a document to what the function saw. Where two do, nobody can say which.
func (x *Index) change(document *Document, field string, seen *yaml.Node) *change {
	var found *change
	for _, patch := range x.patches {
		c := sets(patch, document, field)
		if c == nil || seen == nil || !same(seen, c.value) {
			continue
		}
		if found != nil {
			return nil
		}
		found = c
	}
	return found
}

// sets finds a field in a patch, which is a part of the document, or a list of operations.
func sets(patch *item.Item, document *Document, field string) *change {
	if operations := operations(patch); operations != nil {
		return operation(patch, operations, field)
	}
	names := append([]string{document.Resource.Name}, document.PreviousNames...)
	if patch.APIVersion() != document.Resource.APIVersion || patch.Kind() != document.Resource.Kind || !slices.Contains(names, patch.Name()) {
		return nil
	}
	if value := patch.Field(field); value != nil {
		return &change{patch: patch, value: value}
	}
	return nil
}

// operations lists those of a JSON patch, which is no document with fields.
func operations(patch *item.Item) []*yaml.Node {
	var root yaml.Node
	if yaml.Unmarshal(patch.Raw(), &root) != nil || len(root.Content) != 1 || root.Content[0].Kind != yaml.SequenceNode {
		return nil
	}
	return root.Content[0].Content
}

// operation finds the last operation of a JSON patch that sets a field, or something that holds it.
// https://www.rfc-editor.org/rfc/rfc6902
func operation(patch *item.Item, operations []*yaml.Node, field string) *change {
	var found *change
	for _, node := range operations {
		var op struct {
			Op    string    `yaml:"op"`
			Path  string    `yaml:"path"`
			Value yaml.Node `yaml:"value"`
		}
		if node.Decode(&op) != nil || op.Op != "add" && op.Op != "replace" {
			continue
		}
		rest, within := strings.CutPrefix(field, fieldOf(op.Path))
		if !within || rest != "" && rest[0] != '.' && rest[0] != '[' {
			continue
		}
		text, err := yaml.Marshal(map[string]*yaml.Node{"value": &op.Value})
		if err != nil {
			continue
		}
		if value := item.New(text, item.Place{}).Field("value" + rest); value != nil {
			found = &change{patch: patch, operation: node, value: value}
		}
	}
	return found
}

// fieldOf writes the path of an operation as the path of a field. https://www.rfc-editor.org/rfc/rfc6901
func fieldOf(pointer string) string {
	field := ""
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		token = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
		if index, err := strconv.Atoi(token); err == nil {
			field = diag.At(field, index)
		} else {
			field = diag.Join(field, token)
		}
	}
	return field
}
