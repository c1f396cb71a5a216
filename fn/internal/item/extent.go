package item

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"
)

// end returns the place after the last byte of a node's text, without a line break. The library says where a node
// begins but not where it ends. parent is the column, from 0, of the key or dash that the node belongs to.
func (d *document) end(n *yaml.Node, parent int) int {
	at := d.content(n)
	switch {
	case n.Kind == yaml.AliasNode:
		return min(at+len("*")+len(n.Value), len(d.raw))
	case n.Kind == yaml.ScalarNode:
		return d.scalarEnd(n, at, parent)
	case at < len(d.raw) && (d.raw[at] == '[' || d.raw[at] == '{'):
		return d.flowEnd(n, at)
	case len(n.Content) == 0:
		return at
	}
	return d.end(n.Content[len(n.Content)-1], at-d.lineStart(at))
}

// content returns the first byte of a node after its anchor and tag.
func (d *document) content(n *yaml.Node) int {
	at := d.offset(n)
	if n.Anchor == "" && n.Style&yaml.TaggedStyle == 0 {
		return at
	}
	for at < len(d.raw) && (d.raw[at] == '&' || d.raw[at] == '!') {
		for at < len(d.raw) && bytes.IndexByte([]byte(whitespace+",]}"), d.raw[at]) < 0 {
			at++
		}
		if isNullNode(n) && n.Value == "" {
			return at
		}
		at = d.skipFiller(at, whitespace)
	}
	return at
}

// skipFiller steps over the given characters and comments.
func (d *document) skipFiller(at int, filler string) int {
	for at < len(d.raw) {
		switch c := d.raw[at]; {
		case strings.IndexByte(filler, c) >= 0:
			at++
		case c == '#':
			at = d.lineStop(at)
		default:
			return at
		}
	}
	return at
}

func (d *document) lineStart(at int) int {
	return max(bytes.LastIndexByte(d.raw[:at], '\n')+1, d.starts[0]) // A byte order mark is not part of the line.
}

// lineStop returns the end of a line before its line break.
func (d *document) lineStop(at int) int {
	n := bytes.IndexByte(d.raw[at:], '\n')
	if n < 0 {
		return len(d.raw)
	}
	if n > 0 && d.raw[at+n-1] == '\r' {
		n--
	}
	return at + n
}

func (d *document) flowEnd(n *yaml.Node, at int) int {
	at++
	if len(n.Content) > 0 {
		at = d.end(n.Content[len(n.Content)-1], 0)
	}
	return min(d.skipFiller(at, whitespace+",")+1, len(d.raw))
}

func (d *document) scalarEnd(n *yaml.Node, at, parent int) int {
	switch {
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		if at == len(d.raw) {
			return at
		}
		return at + 1 + max(0, closingQuote(d.raw[at+1:], d.raw[at]))
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return d.blockEnd(at, parent)
	}
	// Folding changes the spaces and line breaks between the words of a plain scalar, never the words.
	for _, word := range strings.FieldsFunc(n.Value, func(r rune) bool { return strings.ContainsRune(" \t\n\u0085\u2028\u2029", r) }) {
		if n := bytes.Index(d.raw[at:], []byte(word)); n >= 0 {
			at += n + len(word)
		}
	}
	return at
}

// closingQuote returns the place after the quote that closes a scalar, -1 when there is none. b begins after the opening
// quote.
func closingQuote(b []byte, quote byte) int {
	for p := 0; p < len(b); p++ {
		switch {
		case b[p] == '\\' && quote == '"':
			p++
		case b[p] != quote:
		case quote == '\'' && p+1 < len(b) && b[p+1] == '\'':
			p++
		default:
			return p + 1
		}
	}
	return -1
}

// blockEnd returns the end of the block scalar whose header is at a place. Blank lines below the text belong to it only
// where the header says so with a "+".
func (d *document) blockEnd(at, parent int) int {
	end := d.lineStop(at)
	header, _, _ := strings.Cut(string(d.raw[at:end]), "#")
	keep := strings.Contains(header, "+")
	indent := 0 // of the text, as soon as it is known
	if n := strings.IndexAny(header, "123456789"); n >= 0 {
		indent = parent + int(header[n]-'0')
	}
	for line := d.afterBreak(end); line < len(d.raw); {
		stop := d.lineStop(line)
		spaces := countSpaces(d.raw[line:stop])
		isBlank := line+spaces == stop
		if !isBlank && indent == 0 {
			indent = max(spaces, parent+1)
		}
		if !isBlank && spaces < indent {
			break
		}
		if !isBlank || keep || indent > 0 && spaces > indent {
			end = stop
		}
		line = d.afterBreak(stop)
	}
	return end
}

// afterBreak steps over one line break.
func (d *document) afterBreak(at int) int {
	for at < len(d.raw) && (d.raw[at] == '\r' || d.raw[at] == '\n') {
		at++
		if d.raw[at-1] == '\n' {
			break
		}
	}
	return at
}

// beforeBreak steps back over one line break.
func (d *document) beforeBreak(at int) int {
	if at > 0 && d.raw[at-1] == '\n' {
		at--
	}
	if at > 0 && d.raw[at-1] == '\r' {
		at--
	}
	return at
}
