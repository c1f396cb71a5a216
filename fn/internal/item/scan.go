package item

import "bytes"

// lineKind says what a line of a document is to the line scanner.
type lineKind uint8

const (
	blank   lineKind = iota
	comment          // nothing but a comment
	entry            // structure: a key, a list entry, or the first line of a scalar or flow collection
	text             // the inside of a block scalar, quoted scalar or flow collection that began on an earlier line
)

// line is one line of a document. Its bytes are raw[start:end], without the line break.
type line struct {
	start, end int
	indent     int // spaces before the first other character
	kind       lineKind
	refs       bool // an anchor or an alias is written here
}

func (l *line) first() int { return l.start + l.indent }

// scanner cuts a document into lines and knows of each line whether it is structure or the inside of something. It
// understands the YAML that people and tools write for Kubernetes; at anything else it declines (ok becomes false) and
// the full parser takes over. Indentation alone is not enough: inside quotes and brackets a line may begin in any
// column and still be text, https://yaml.org/spec/1.2.2/#74-flow-style-productions.
type scanner struct {
	raw    []byte
	ok     bool
	parent int  // column of the key or dash that the next value belongs to
	block  int  // parent of the open block scalar, or none
	plain  int  // parent of the plain scalar that may go on in the next line, or none
	quote  byte // the quote that is open, 0 when none is
	depth  int  // flow brackets that are open
	token  bool // inside brackets: a quote at the current place begins a quoted scalar
}

// none stands for a scalar that is not open. Real columns begin at 0.
const none = -1

// scan returns the lines of a document, and false when it holds something that the scanner does not understand.
func scan(raw []byte) ([]line, bool) {
	if foreignBreaks(raw) {
		return nil, false
	}
	s := scanner{raw: raw, ok: true, parent: none, block: none, plain: none}
	lines := make([]line, 0, bytes.Count(raw, []byte{'\n'})+1)
	for at := 0; at < len(raw) && s.ok; {
		end := len(raw)
		if n := bytes.IndexByte(raw[at:], '\n'); n >= 0 {
			end = at + n
		}
		l := line{start: at, end: end, indent: countSpaces(raw[at:end])}
		s.classify(&l)
		lines = append(lines, l)
		at = end + 1
	}
	return lines, s.ok && s.quote == 0 && s.depth == 0
}

// foreignBreaks reports line breaks that YAML 1.1 knows besides "\n", and byte order marks: they would make the
// scanner and the parser disagree about where a line begins.
func foreignBreaks(raw []byte) bool {
	for _, s := range []string{"\r", "\u0085", "\u2028", "\u2029", "\ufeff"} {
		if bytes.Contains(raw, []byte(s)) {
			return true
		}
	}
	return false
}

// whitespace is what separates words in YAML. Unicode has more spaces, which to YAML are text.
const whitespace = " \t\r\n"

func countSpaces(b []byte) int {
	n := 0
	for n < len(b) && b[n] == ' ' {
		n++
	}
	return n
}

func (s *scanner) classify(l *line) {
	switch {
	case s.quote != 0 || s.depth > 0:
		l.kind = text
		s.resume(l)
	case l.first() == l.end:
		l.kind = blank
	case s.block != none && l.indent > s.block:
		l.kind = text
	case s.raw[l.first()] == '#':
		l.kind = comment
		s.block, s.plain = none, none
	case s.plain != none && l.indent > s.plain:
		l.kind = text
	default:
		l.kind = entry
		s.block, s.plain = none, none
		s.structure(l)
	}
}

// structure reads "- - key: value" far enough to know what stays open at the end of the line.
func (s *scanner) structure(l *line) {
	if bytes.IndexByte(s.raw[l.start:l.end], '\t') >= 0 {
		s.ok = false
		return
	}
	p := s.dashes(l)
	column := p - l.start
	p = s.properties(l, p)
	if p == l.end {
		return
	}
	switch c := s.raw[p]; {
	case c == '"' || c == '\'':
		s.quotedEntry(l, p, column)
	case c == '%' || c == '@' || c == '`', (c == '?' || c == ':') && (p+1 == l.end || s.raw[p+1] == ' '):
		s.ok = false
	default:
		if q := s.colon(p, l.end); q >= 0 && !opens(s.raw[p]) {
			s.parent = column
			p = q + 1
		}
		s.value(l, p)
	}
}

// opens reports the characters that cannot begin a plain key.
func opens(c byte) bool { return c == '[' || c == '{' || c == '|' || c == '>' || c == '#' }

// dashes steps over the "- " of list entries.
func (s *scanner) dashes(l *line) int {
	p := l.first()
	for p < l.end && isDash(s.raw[p:l.end]) {
		s.parent = p - l.start
		p++
		p += countSpaces(s.raw[p:l.end])
	}
	return p
}

func isDash(b []byte) bool {
	return len(b) > 0 && b[0] == '-' && (len(b) == 1 || b[1] == ' ')
}

// properties steps over anchors, tags and aliases.
func (s *scanner) properties(l *line, p int) int {
	for p < l.end && (s.raw[p] == '&' || s.raw[p] == '*' || s.raw[p] == '!') {
		l.refs = l.refs || s.raw[p] != '!'
		for p < l.end && s.raw[p] != ' ' {
			p++
		}
		if s.raw[p-1] == ':' {
			s.ok = false // An alias that is a key.
		}
		p += countSpaces(s.raw[p:l.end])
	}
	return p
}

// colon returns the place of the ": " that ends a plain key, -1 when the line has no key.
func (s *scanner) colon(p, end int) int {
	for ; p < end; p++ {
		switch s.raw[p] {
		case ':':
			if p+1 == end || s.raw[p+1] == ' ' {
				return p
			}
		case '#':
			if s.raw[p-1] == ' ' {
				return -1
			}
		}
	}
	return -1
}

// value reads what follows "key:" or "-", or stands alone in a line below them.
func (s *scanner) value(l *line, p int) {
	p += countSpaces(s.raw[p:l.end])
	p = s.properties(l, p)
	if p == l.end {
		return
	}
	switch c := s.raw[p]; c {
	case '#':
	case '"', '\'':
		if q := s.quoted(l, p+1, c); q >= 0 {
			s.rest(l, q)
		}
	case '[', '{':
		s.flow(l, p)
	case '|', '>':
		s.header(l, p)
	default:
		s.plain = s.parent
		s.ok = s.ok && s.parent != none
	}
}

// header reads the first line of a block scalar, "|", ">-", "|2" and so on.
func (s *scanner) header(l *line, p int) {
	for p++; p < l.end && bytes.IndexByte([]byte("+-123456789"), s.raw[p]) >= 0; p++ {
	}
	s.block = s.parent
	s.ok = s.ok && s.parent != none
	s.rest(l, p)
}

// rest accepts only a comment or nothing after a value.
func (s *scanner) rest(l *line, p int) {
	q := p + countSpaces(s.raw[p:l.end])
	if q != l.end && (s.raw[q] != '#' || q == p) {
		s.ok = false
	}
}
