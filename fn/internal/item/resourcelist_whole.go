package item

import (
	"errors"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// listLimits are those of the full parser for a whole list: its items nest two levels deeper than they do on their own.
func listLimits() limits {
	return limits{bytes: MaxResourceList, depth: MaxDepth + 2, aliases: MaxAliasExpansion}
}

// parseWhole reads any ResourceList with the full parser. Every item is written anew, with its aliases expanded.
func parseWhole(data []byte) (*ResourceList, diag.List) {
	documents, findings := Stream("", data)
	if len(findings) > 0 {
		return nil, findings
	}
	if len(documents) == 0 {
		return nil, inputFinding(&problem{
			code:    diag.NoInput,
			message: "the input is empty, not a " + listKind,
			try:     "let kustomize or kpt run the function: they send it the objects",
		})
	}
	if kind := documents[0].Kind(); len(documents) > 1 && kind != "" && kind != listKind {
		return nil, notList(kind) // Plain manifests, the most likely mistake.
	}
	d, p := parse(data, listLimits())
	if d == nil || (p != nil && slices.Contains(d.root.Content, p.node)) {
		return nil, inputFinding(p) // A key that is there twice in an item is for the item's Check.
	}
	kind, _ := scalarText(lookup(d.root, []string{"kind"}))
	if kind != listKind {
		return nil, notList(kind)
	}
	l, err := takeApart(d.root)
	if err != nil {
		return nil, inputFinding(&problem{code: diag.NotYAML, message: err.Error(), try: "write items as a list of objects"})
	}
	return l, nil
}

func notList(kind string) diag.List {
	return inputFinding(&problem{
		code:    diag.UnknownKind,
		message: fmt.Sprintf("the input is of kind %q, and a function reads a %s", kind, listKind),
		try:     "let kustomize or kpt run the function: they send it the objects",
	})
}

// inputFinding is a problem with the input as a whole, which has no file.
func inputFinding(p *problem) diag.List {
	f := diag.Finding{Code: p.code, Message: p.message, Try: p.try}
	if p.line > 0 {
		f.Message += fmt.Sprintf(" (line %d of the input)", p.line)
	}
	return diag.List{f}
}

// takeApart makes items of a parsed list.
func takeApart(root *yaml.Node) (*ResourceList, error) {
	l := &ResourceList{header: []byte("items:\n")}
	l.APIVersion, _ = scalarText(lookup(root, []string{"apiVersion"}))
	l.Kind, _ = scalarText(lookup(root, []string{"kind"}))
	if err := l.takeItems(lookup(root, []string{"items"})); err != nil {
		return nil, err
	}
	if config := lookup(root, []string{"functionConfig"}); config != nil && !isNullNode(config) {
		i, err := newFromNode(config, 0)
		if err != nil {
			return nil, err
		}
		l.FunctionConfig = i
	}
	rest := &yaml.Node{Kind: yaml.MappingNode}
	all := ordered(root)
	for n := 0; n < len(all); n += 2 {
		if name := deref(all[n]).Value; name != "items" && name != "results" {
			rest.Content = append(rest.Content, copied(all[n]), copied(all[n+1]))
		}
	}
	before, err := writeAnew(rest, "\n", func(raw []byte) bool { return means(raw, rest) })
	l.before = before
	return l, err
}

func (l *ResourceList) takeItems(items *yaml.Node) error {
	if items == nil || isNullNode(items) {
		return nil
	}
	if items.Kind != yaml.SequenceNode {
		return errors.New("items is " + kindWord(items) + ", not a list")
	}
	for n, node := range items.Content {
		i, err := newFromNode(node, n)
		if err != nil {
			return err
		}
		l.Items = append(l.Items, i)
	}
	return nil
}

// means reports whether a text is one document that says what a node says.
func means(raw []byte, n *yaml.Node) bool {
	read, err := decode(raw)
	return err == nil && equal(read.Content[0], n)
}

func newFromNode(n *yaml.Node, position int) (*Item, error) {
	raw, err := writeAnew(copied(n), "\n", func(raw []byte) bool { return means(raw, n) })
	if err != nil {
		return nil, fmt.Errorf("cannot write entry %d of the list: %w", position, err)
	}
	i := New(raw, Place{})
	i.place = placeOf(i, position)
	return i, nil
}
