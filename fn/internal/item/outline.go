package item

import "bytes"

// outline answers questions about a document from its lines, without a YAML parser: this is the hot path, one document
// of thousands. It answers only where the touched levels are block mappings with plain keys and one-line values, and
// declines everywhere else, so that its answers are those of the full parser (FuzzIdentity holds it to that).
type outline struct {
	raw   []byte
	lines []line
}

// block is a block mapping: its keys stand in column col of lines [from,to).
type block struct{ from, to, col int }

// valueKind says what stands behind a key.
type valueKind uint8

const (
	unusual valueKind = iota // for the full parser
	null                     // nothing, or the word null
	scalar                   // a one-line scalar
	nested                   // a block mapping
)

// value is what stands behind a key. A scalar, and the word null, is raw[from:to] without quotes; of an empty value both
// are the place after the colon.
type value struct {
	kind     valueKind
	from, to int
	quoted   bool
	block    block
}

// newOutline returns nil when the document holds something that the scanner does not understand.
func newOutline(raw []byte) *outline {
	lines, ok := scan(raw)
	if !ok {
		return nil
	}
	return &outline{raw: raw, lines: lines}
}

// root returns the block mapping that is the document.
func (o *outline) root() (block, bool) {
	i := o.structure(0, len(o.lines))
	if i == len(o.lines) || o.lines[i].kind != entry {
		return block{}, false
	}
	return block{from: i, to: len(o.lines), col: o.lines[i].indent}, true
}

// structure returns the first of lines [i,to) that is neither blank nor a comment.
func (o *outline) structure(i, to int) int {
	for i < to && (o.lines[i].kind == blank || o.lines[i].kind == comment) {
		i++
	}
	return i
}

// find returns the line of a key, or -1. It declines (false) when a key of the mapping is not plain, because that key
// could be the one, and when the key is there twice.
func (o *outline) find(b block, key string) (int, bool) {
	at := -1
	for i := b.from; i < b.to; i++ {
		l := &o.lines[i]
		if l.kind != entry || l.indent > b.col || (i > b.from && o.isDash(l)) {
			continue
		}
		name, ok := o.key(l)
		if !ok || l.indent < b.col {
			return -1, false
		}
		if string(name) == key {
			if at >= 0 {
				return -1, false
			}
			at = i
		}
	}
	return at, true
}

func (o *outline) isDash(l *line) bool { return isDash(o.raw[l.first():l.end]) }

// key returns the plain key that a line begins with. Letters, digits and "._/-" are what Kubernetes keys consist of.
func (o *outline) key(l *line) ([]byte, bool) {
	b := o.raw[l.first():l.end]
	n := 0
	for n < len(b) && plainByte(b[n]) {
		n++
	}
	if n == 0 || b[0] == '-' || n == len(b) || b[n] != ':' || (n+1 < len(b) && b[n+1] != ' ') {
		return nil, false
	}
	return b[:n], true
}

func plainByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
		c == '.' || c == '_' || c == '/' || c == '-'
}

// value returns what stands behind the key in line i of b.
func (o *outline) value(b block, i int) value {
	l := &o.lines[i]
	name, _ := o.key(l)
	colon := l.first() + len(name) + 1
	next := o.structure(i+1, b.to)
	below := next < b.to && (o.lines[next].kind == text || o.lines[next].indent > b.col || o.isDash(&o.lines[next]))
	p := colon + countSpaces(o.raw[colon:l.end])
	switch {
	case p < l.end && o.raw[p] != '#' && below:
		return value{} // It goes on in the next line.
	case p < l.end && o.raw[p] != '#':
		return o.scalar(p, l.end)
	case !below:
		return value{kind: null, from: colon, to: colon}
	}
	if first := &o.lines[next]; first.kind == entry && first.indent > b.col {
		if _, ok := o.key(first); ok {
			return value{kind: nested, block: block{from: next, to: o.end(next, b), col: first.indent}}
		}
	}
	return value{}
}

// end returns the line after the nested mapping that begins in line i of b.
func (o *outline) end(i int, b block) int {
	for ; i < b.to; i++ {
		if l := &o.lines[i]; l.kind == entry && l.indent <= b.col {
			return i
		}
	}
	return b.to
}

// scalar reads the one-line scalar that begins at p.
func (o *outline) scalar(p, end int) value {
	if quote := o.raw[p]; quote == '"' || quote == '\'' {
		n := bytes.IndexByte(o.raw[p+1:end], quote)
		closing := p + 1 + n
		if n < 0 || bytes.IndexByte(o.raw[p+1:closing], '\\') >= 0 || !o.onlyComment(closing+1, end) {
			return value{}
		}
		return value{kind: scalar, from: p + 1, to: closing, quoted: true}
	}
	if n := bytes.Index(o.raw[p:end], []byte(" #")); n >= 0 {
		end = p + n
	}
	word := bytes.TrimRight(o.raw[p:end], " ")
	switch {
	case !plainWord(word):
		return value{}
	case isNull(word):
		return value{kind: null, from: p, to: p + len(word)}
	}
	return value{kind: scalar, from: p, to: p + len(word)}
}

func (o *outline) onlyComment(p, end int) bool {
	q := p + countSpaces(o.raw[p:end])
	return q == end || (o.raw[q] == '#' && q > p)
}

// plainWord reports whether a plain scalar is its own text for every YAML parser.
func plainWord(b []byte) bool {
	if len(b) == 0 || !plainByte(b[0]) || isDash(b) || b[len(b)-1] == ':' || bytes.Contains(b, []byte(": ")) {
		return false
	}
	for _, c := range b {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

func isNull(word []byte) bool {
	switch string(word) {
	case "null", "Null", "NULL":
		return true
	}
	return false
}

// get returns the text of the scalar at a path of keys and whether there is one. It declines with ok false.
func (o *outline) get(path ...string) (text string, found, ok bool) {
	b, ok := o.root()
	for n, key := range path {
		if !ok {
			return "", false, false
		}
		var i int
		i, ok = o.find(b, key)
		if !ok || i < 0 {
			return "", false, ok
		}
		v := o.value(b, i)
		switch last := n == len(path)-1; {
		case v.kind == unusual:
			return "", false, false
		case v.kind == scalar && last:
			return string(o.raw[v.from:v.to]), true, true
		case v.kind != nested || last:
			return "", false, true
		}
		b = v.block
	}
	return "", false, ok
}
