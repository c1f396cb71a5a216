package item

// quotedEntry reads a line that begins with a quote: a key, or a list entry.
func (s *scanner) quotedEntry(l *line, p, column int) {
	q := s.quoted(l, p+1, s.raw[p])
	switch {
	case q < 0:
	case q < l.end && s.raw[q] == ':' && (q+1 == l.end || s.raw[q+1] == ' '):
		s.parent = column
		s.value(l, q+1)
	default:
		s.rest(l, q)
	}
}

// quoted returns the place after the closing quote. When the line ends first it returns -1 and the quote stays open.
func (s *scanner) quoted(l *line, p int, quote byte) int {
	n := -1
	if p < l.end {
		n = closingQuote(s.raw[p:l.end], quote)
	}
	if n < 0 {
		s.quote = quote
		return -1
	}
	s.quote = 0
	return p + n
}

// resume goes on inside a quoted scalar or a flow collection that an earlier line left open.
func (s *scanner) resume(l *line) {
	p := l.start
	if s.quote != 0 {
		p = s.quoted(l, p, s.quote)
		if p < 0 {
			return
		}
		if s.depth == 0 {
			s.rest(l, p)
			return
		}
		s.token = false
	}
	s.flow(l, p)
}

// flow reads brackets up to the closing one, or to the end of the line. Quotes are only quotes where a value or key may
// begin ("it's" is not one); where that is not certain the scanner declines.
func (s *scanner) flow(l *line, p int) {
	for ; p < l.end; p++ {
		c := s.raw[p]
		switch c {
		case '[', '{':
			s.depth++
			s.token = true
		case ']', '}':
			s.depth--
			s.token = false
			if s.depth == 0 {
				s.rest(l, p+1)
				return
			}
		case '"', '\'':
			s.ok = s.ok && s.token
			s.token = false
			q := s.quoted(l, p+1, c)
			if q < 0 {
				return
			}
			p = q - 1
		case '#':
			if p == l.start || isSpace(s.raw[p-1]) {
				return
			}
			s.token = false
		default:
			s.plainFlow(l, p)
		}
	}
}

// plainFlow steps over one character between brackets that is neither bracket, quote nor comment.
func (s *scanner) plainFlow(l *line, p int) {
	switch c := s.raw[p]; c {
	case ' ', '\t':
	case ',':
		s.token = true
	case ':':
		last := s.raw[p-1]
		s.token = p+1 == l.end || isSpace(s.raw[p+1]) || last == '"' || last == '\''
	case '&', '*':
		l.refs = l.refs || s.token
		s.token = false
	default:
		s.token = false
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' }
