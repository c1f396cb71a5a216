package item

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

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
	if kind := documents[0].Kind(); kind != "" && kind != listKind {
		return nil, notList(kind)
	}
	d, p := parse(data, listLimits())
	if d == nil {
		return nil, inputFinding(p)
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
	l := &ResourceList{}
	l.APIVersion, _ = scalarText(lookup(root, []string{"apiVersion"}))
	l.Kind, _ = scalarText(lookup(root, []string{"kind"}))
	if items := lookup(root, []string{"items"}); items != nil && !isNullNode(items) {
		if items.Kind != yaml.SequenceNode {
			return nil, errors.New("items is " + kindWord(items) + ", not a list")
		}
		for n, node := range items.Content {
			i, err := newFromNode(node, n)
			if err != nil {
				return nil, err
			}
			l.Items = append(l.Items, i)
		}
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
		if !slices.Contains([]string{"items", "results"}, deref(all[n]).Value) {
			rest.Content = append(rest.Content, copied(all[n]), copied(all[n+1]))
		}
	}
	before, err := encode(rest)
	l.before = before
	return l, err
}

func newFromNode(n *yaml.Node, position int) (*Item, error) {
	raw, err := encode(copied(n))
	if err != nil {
		return nil, fmt.Errorf("cannot write entry %d of the list: %w", position, err)
	}
	i := New(raw, Place{})
	i.place = placeOf(i, position)
	return i, nil
}

// regular reports whether every line at the root is a plain key, so that the document can be indented line by line.
func (o *outline) regular() bool {
	root, ok := o.root()
	if !ok || o.raw[len(o.raw)-1] != '\n' {
		return false
	}
	_, ok = o.find(root, "")
	return ok
}

// asEntry indents a document as far as it takes to be an entry of a list whose dashes stand in column.
func asEntry(raw []byte, column int) []byte {
	line, first := firstLine(raw)
	shift := strings.Repeat(" ", max(0, column+len("- ")-(first-1)))
	out := make([]byte, 0, len(raw)+len(shift)*(bytes.Count(raw, []byte{'\n'})+1))
	number := 0
	for text := range bytes.Lines(raw) {
		number++
		begin := len(out)
		if len(bytes.TrimRight(text, "\r\n")) > 0 {
			out = append(out, shift...)
		}
		out = append(out, text...)
		if number == line {
			out[begin+column] = '-'
		}
	}
	return out
}

// checkedEntry makes an entry of a document that is not regular, and parses it to see that it still means the same.
// Where it does not, the document is written anew.
func (i *Item) checkedEntry(column int) ([]byte, error) {
	d, err := i.editable()
	if err != nil {
		return nil, err
	}
	raw, err := i.raw, error(nil)
	for range 2 {
		text := asEntry(raw, column)
		if len(text) > 0 && text[len(text)-1] != '\n' {
			text = append(text, '\n')
		}
		if entryMeans(text, d.root) {
			return text, nil
		}
		if raw, err = encode(clone(d.node)); err != nil {
			break
		}
	}
	return nil, errors.Join(err, errors.New("indenting it changes what it means"))
}

func entryMeans(text []byte, root *yaml.Node) bool {
	list, err := decode(text)
	if err != nil || list.Content[0].Kind != yaml.SequenceNode || len(list.Content[0].Content) != 1 {
		return false
	}
	return equal(list.Content[0].Content[0], root)
}
