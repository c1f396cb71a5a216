package item

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"
)

// regular reports whether every line at the root is a plain key, so that the document can be indented line by line.
func (o *outline) regular() bool {
	root, ok := o.root()
	if !ok || o.raw[len(o.raw)-1] != '\n' {
		return false
	}
	_, ok = o.find(root, "")
	return ok
}

// asEntry indents a document as far as it takes to be an entry of a list whose dashes stand in column. Comments above
// the document stand where the dash does, which is how they are told from comments at the end of the entry before. Blank
// lines above it would become part of a block scalar that the entry before ends with, and are left out.
func asEntry(raw []byte, column int) []byte {
	inner := column + len("- ")
	raw = raw[leadingBlanks(raw):]
	line, first := firstLine(raw)
	shift := strings.Repeat(" ", max(0, inner-(first-1)))
	out := make([]byte, 0, len(raw)+len(shift)*(bytes.Count(raw, []byte{'\n'})+1)+1)
	number, dashed := 0, false
	for text := range bytes.Lines(raw) {
		number++
		begin := len(out)
		if number < line {
			out = append(out, strings.TrimPrefix(shift, "  ")...)
		} else if len(bytes.TrimRight(text, "\r\n")) > 0 {
			out = append(out, shift...)
		}
		out = append(out, text...)
		if spaces := countSpaces(out[begin:]); !dashed && spaces >= inner && begin+spaces < len(out) && out[begin+spaces] != '\n' {
			out[begin+column] = '-'
			dashed = true
		}
	}
	if len(out) == 0 || out[len(out)-1] != '\n' {
		out = append(out, '\n')
	}
	return out
}

// leadingBlanks returns the length of the blank lines at the beginning.
func leadingBlanks(raw []byte) int {
	length := 0
	for text := range bytes.Lines(raw) {
		if len(bytes.Trim(text, " \r\n")) > 0 {
			break
		}
		length += len(text)
	}
	return length
}

// checkedEntry makes an entry of a document that is not regular, and parses it to see that it still means the same.
// Where it does not, the document is written anew.
func (i *Item) checkedEntry(column int) ([]byte, error) {
	d, p := parse(i.raw, documentLimits())
	if p != nil {
		return nil, p
	}
	list := &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{d.root}}
	if text := asEntry(i.raw, column); means(text, list) {
		return text, nil
	}
	raw, err := writeAnew(d.node, "\n", func(raw []byte) bool { return means(asEntry(raw, column), list) })
	return asEntry(raw, column), err
}
