package item

import (
	"bytes"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// index finds the bytes of a line and column as the YAML library counts them.
type index struct {
	raw    []byte
	starts []int // where each line begins
	exotic bool  // a line ends with something that is no line end to an editor
}

// newIndex cuts raw into lines at every line break of YAML 1.1.
func newIndex(raw []byte) index {
	bom := len(raw) - len(bytes.TrimPrefix(raw, []byte("\ufeff")))
	x := index{raw: raw, starts: make([]int, 1, bytes.Count(raw, []byte{'\n'})+1)}
	x.starts[0] = bom
	next := nextLine
	if foreignBreaks(raw) {
		next = nextBreak
	}
	for at := bom; at < len(raw); {
		n := next(raw[at:])
		if n == 0 {
			break
		}
		at += n
		x.starts = append(x.starts, at)
		x.exotic = x.exotic || raw[at-1] != '\n'
	}
	return x
}

// nextLine returns the place after the first "\n", 0 when there is none.
func nextLine(b []byte) int { return bytes.IndexByte(b, '\n') + 1 }

// nextBreak is nextLine for every line break of YAML 1.1.
func nextBreak(b []byte) int {
	for at := 0; at < len(b); {
		r, size := utf8.DecodeRune(b[at:])
		at += size
		switch {
		case r == '\r' && at < len(b) && b[at] == '\n':
			return at + 1
		case r == '\n', r == '\r', r == 0x85, r == 0x2028, r == 0x2029:
			return at
		}
	}
	return 0
}

// offset returns the first byte of a node. Columns count characters.
func (x *index) offset(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(x.starts) {
		return len(x.raw)
	}
	at := x.starts[n.Line-1]
	for range n.Column - 1 {
		_, size := utf8.DecodeRune(x.raw[at:])
		at += size
	}
	return at
}

// lineEnd returns the place after the first n lines.
func (x *index) lineEnd(n int) int {
	if n < len(x.starts) {
		return x.starts[n]
	}
	return len(x.raw)
}

// text returns a line without its line break, "" when there is no such line.
func (x *index) text(line int) string {
	if line < 1 || line > len(x.starts) {
		return ""
	}
	return string(bytes.TrimRight(x.raw[x.starts[line-1]:x.lineEnd(line)], "\r\n"))
}

// end returns the line and column of the place after the last character.
func (x *index) end() (line, column int) {
	line = len(x.starts)
	return line, utf8.RuneCount(x.raw[x.starts[line-1]:]) + 1
}

// editorLine turns a line of the YAML library into one of an editor, which does not count exotic line ends.
func (x *index) editorLine(line int) int {
	if !x.exotic || line < 1 || line > len(x.starts) {
		return line
	}
	return bytes.Count(x.raw[:x.starts[line-1]], []byte{'\n'}) + 1
}
