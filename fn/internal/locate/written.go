package locate

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// maxWritten keeps a value on one line of a terminal.
const maxWritten = 60

// Written is the value at a place as it stands there, on one line and cut where it is long; "" where it is not known. Of a
// document without a file it is the value that the function saw.
func (x *Index) Written(source diag.Source) string {
	if source.Field == "" {
		return ""
	}
	var node *yaml.Node
	document := x.document(source.Resource)
	if document != nil && source.Line == 0 {
		node = x.item(document).Field(source.Field)
	} else if file := x.at(source); file != nil {
		node = file.Field(source.Field)
		if node == nil && document != nil { // An operation of a patch has no fields.
			node = x.item(document).Field(source.Field)
		}
	}
	if node == nil {
		return ""
	}
	return oneLine(node)
}

// at is the document of a file that a place is in.
func (x *Index) at(source diag.Source) *item.Item {
	if x.byPlace == nil {
		x.byPlace = make(map[item.Place]*item.Item, len(x.files))
		for _, it := range slices.Concat(x.files, x.patches) {
			x.byPlace[item.Place{File: it.Place().File, Index: it.Place().Index}] = it
		}
	}
	return x.byPlace[item.Place{File: source.File, Index: source.Index}]
}

func oneLine(node *yaml.Node) string {
	flow := *node
	if node.Kind != yaml.ScalarNode {
		flow = yaml.Node{}
		text, err := yaml.Marshal(node)
		if err != nil || yaml.Unmarshal(text, &flow) != nil || len(flow.Content) == 0 {
			return ""
		}
		flow = *flow.Content[0]
		flow.Style = yaml.FlowStyle
	}
	flow.HeadComment, flow.LineComment, flow.FootComment = "", "", ""
	if flow.Kind == yaml.ScalarNode {
		return shortened(flow.Value)
	}
	text, err := yaml.Marshal(&flow)
	if err != nil {
		return ""
	}
	return shortened(string(text))
}

func shortened(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxWritten {
		return string(runes[:maxWritten-1]) + "…"
	}
	return text
}
