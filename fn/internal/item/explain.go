package item

import (
	"bytes"
	"errors"
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// unreadable finds the first byte that no YAML document may hold, and says where it is: the library says only that
// there is one.
func unreadable(raw []byte) *problem {
	if p := utf16(raw); p != nil {
		return p
	}
	for at := 0; at < len(raw); {
		r, size := rune(raw[at]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(raw[at:])
		}
		if size == 1 && r == utf8.RuneError || !allowed(r) {
			return unreadableAt(raw, at, size)
		}
		at += size
	}
	return nil
}

// utf16 recognises the encoding that some Windows tools write by default.
func utf16(raw []byte) *problem {
	if !bytes.HasPrefix(raw, []byte("\xff\xfe")) && !bytes.HasPrefix(raw, []byte("\xfe\xff")) {
		return nil
	}
	return &problem{code: diag.NotYAML, line: 1, column: 1, message: "the text is encoded as UTF-16", try: "save the file as UTF-8"}
}

// allowed is the set of characters of https://yaml.org/spec/1.2.2/#51-character-set.
func allowed(r rune) bool {
	switch {
	case r < ' ':
		return r == '\t' || r == '\n' || r == '\r'
	case r <= '~':
		return true
	case r < 0xA0:
		return r == 0x85
	}
	return r != 0xFFFE && r != 0xFFFF
}

func unreadableAt(raw []byte, at, size int) *problem {
	x := newIndex(raw[:at])
	line, column := x.end()
	p := &problem{code: diag.NotYAML, line: line, column: column, try: "remove it, or put binary data into the file in base64"}
	if r, _ := utf8.DecodeRune(raw[at:]); size == 1 && r == utf8.RuneError {
		p.message = fmt.Sprintf("byte 0x%02X is not UTF-8 text", raw[at])
		p.try = "save the file as UTF-8"
	} else {
		p.message = fmt.Sprintf("control character U+%04X is not allowed in YAML", r)
	}
	return p
}

// explain turns an error of the YAML library into a place and plain words.
func explain(d *document, err error) *problem {
	p := &problem{code: diag.NotYAML}
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	if line, rest, ok := strings.Cut(message, ": "); ok && strings.HasPrefix(line, "line ") {
		_, _ = fmt.Sscanf(line, "line %d", &p.line)
		message = rest
	}
	switch {
	case errors.Is(err, errEmpty):
		p.message, p.try = message, "remove it, or write an object with apiVersion, kind and metadata"
		return p
	case errors.Is(err, errSecond):
		p.message, p.try = message, `begin every document with a line that is just "---"`
		return p
	}
	if line := d.guilty(err); line > 0 {
		p.line = line
	}
	source := d.text(p.line)
	p.column = len(source) - len(strings.TrimLeft(source, " ")) + 1
	p.message, p.try = plainWords(message, source)
	if strings.HasPrefix(message, "exceeded max depth") {
		p.code = diag.TooDeep
	}
	return p
}

// maxSearch bounds the documents in which the guilty line is searched; parsing a larger one a dozen times is too slow.
const maxSearch = 128 << 10

// guilty returns the line at which the parser gives up. The library names the place where the surrounding structure
// began, which can be pages above. The parser reads forward only, so the beginning of the document fails in the same
// way exactly if it holds the guilty line.
func (d *document) guilty(err error) int {
	if len(d.raw) > maxSearch {
		return 0
	}
	line := sort.Search(len(d.starts), func(n int) bool {
		_, same := decode(d.raw[:d.lineEnd(n+1)])
		return same != nil && same.Error() == err.Error()
	})
	return min(line+1, len(d.starts))
}

// plainWords says what an error of the YAML library means for the line it happened in, and what to do.
func plainWords(message, source string) (text, try string) {
	has := func(s string) bool { return strings.Contains(message, s) }
	indent := source[:len(source)-len(strings.TrimLeft(source, " \t"))]
	switch {
	case strings.Contains(indent, "\t"), has("tab character"):
		return "this line is indented with a tab, and YAML allows only spaces", "indent with spaces"
	case has("mapping values are not allowed"):
		return `": " is not allowed here: either the indentation is wrong or a text with ": " has no quotes`,
			"line this key up with the others, or put the text in quotes"
	case has("did not find expected key"), has("did not find expected '-'"), has("block sequence entries"):
		return "this line does not fit the indentation of the lines above", "line it up with the other keys or list entries"
	case has("cannot start any token"):
		return "a value cannot begin like this: " + shorten(strings.TrimSpace(source)), "put the value in quotes"
	case has("could not find expected ':'"):
		return "this line is not a key with a value", `write "key: value", with a space after the colon`
	case has("unexpected end of stream"), has("unexpected document indicator"):
		return "a quote opens here that is never closed", "close the quote, or remove it"
	case has("expected ',' or") && strings.Contains(source, "${"):
		return "a text with ${ in it stands inside brackets without quotes, and the { begins a mapping there",
			`put the text in quotes, such as ["shop.${DOMAIN}"]`
	case has("expected ',' or"), has("expected node content"):
		return "a bracket is not closed, or a value or a comma is missing", "close the bracket, or add what is missing"
	case has("unknown anchor"):
		name := strings.TrimSuffix(strings.TrimPrefix(message, "unknown anchor '"), "' referenced")
		return fmt.Sprintf("there is no anchor for the alias %q", "*"+name),
			`define the anchor with "&" earlier in the same document, or put quotes around a text that begins with "*"`
	case has("unknown escape"):
		return `a backslash inside double quotes begins an escape that YAML does not know`, `write "\\" for a backslash, or use single quotes`
	case has("exceeded max depth"):
		return "nested far too deep", "check the brackets and the indentation"
	}
	return "not readable as YAML: " + message, "check the line and the one above it"
}
