package item

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// document is what the full parser made of a document.
type document struct {
	index
	node *yaml.Node // the document node, which holds the comments around the root
	root *yaml.Node // the root mapping
}

// problem says why a document cannot be read. Lines and columns are those of the document, from 1; 0 is unknown.
type problem struct {
	code         diag.Code
	line, column int
	message, try string
	node, first  *yaml.Node // of a key that is there twice: the second and the first
}

func problemAt(n *yaml.Node, code diag.Code, message string) *problem {
	return &problem{code: code, line: n.Line, column: n.Column, message: message}
}

// Error makes a problem an error for callers that asked for the parsed document.
func (p *problem) Error() string {
	if p.line == 0 {
		return p.message
	}
	return fmt.Sprintf("line %d: %s", p.line, p.message)
}

// parse reads a document whole, and refuses one that would make a later walk fail or take forever. With a duplicate key
// it returns the document as well, because that can still be walked, for instance to say whose key it is.
func parse(raw []byte, l limits) (*document, *problem) {
	if len(raw) > l.bytes {
		return nil, &problem{
			code:    diag.TooLarge,
			message: fmt.Sprintf("the document has %d bytes, more than the allowed %d", len(raw), l.bytes),
			try:     "split the document, or move data that is no configuration out of it",
		}
	}
	if p := unreadable(raw); p != nil {
		return nil, p
	}
	d := &document{index: newIndex(raw)}
	node, err := decode(raw)
	if err != nil {
		return nil, explain(d, err)
	}
	d.node, d.root = node, node.Content[0]
	if d.root.Kind != yaml.MappingNode {
		p := problemAt(d.root, diag.NotYAML, "the document is "+kindWord(d.root)+", not a mapping of fields")
		p.try = `write "apiVersion:", "kind:" and "metadata:" at the start of lines of their own`
		return nil, p
	}
	if p := measure(d.root, l); p != nil {
		return nil, p
	}
	return d, duplicate(d.root)
}

// errEmpty and errSecond are what decode reports besides the errors of the library.
var (
	errEmpty  = errors.New("the document is empty")
	errSecond = errors.New("a second document begins inside this one")
)

// decode reads the only document in raw.
func decode(raw []byte) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	var first, second yaml.Node
	err := guarded(func() error { return decoder.Decode(&first) })
	switch {
	case errors.Is(err, io.EOF) || (err == nil && len(first.Content) == 0):
		return nil, errEmpty
	case err != nil:
		return nil, err
	}
	switch err := guarded(func() error { return decoder.Decode(&second) }); {
	case err == nil:
		return nil, errSecond
	case !errors.Is(err, io.EOF):
		return nil, err
	}
	return &first, nil
}

// guarded calls the YAML library. The recover is here and nowhere else: on odd input the library has panicked before
// (https://github.com/go-yaml/yaml/issues/666), and a bad document must not end the run.
func guarded(call func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the YAML library fails: %v", r)
		}
	}()
	return call()
}

func kindWord(n *yaml.Node) string {
	switch n.Kind {
	case yaml.SequenceNode:
		return "a list"
	case yaml.MappingNode:
		return "a mapping"
	}
	if isNullNode(n) {
		return "null"
	}
	return fmt.Sprintf("the text %q", shorten(n.Value))
}

// shorten keeps a message readable when it quotes what was found.
func shorten(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
