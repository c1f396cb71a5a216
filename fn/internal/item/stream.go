package item

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Stream cuts a YAML stream into its documents. Only column 0 counts for "---" and "...", so text in block scalars
// cannot begin a document. Documents of nothing but comments are left out; a List stays one document; JSON is a stream
// of one document. The lines between documents belong to none.
func Stream(file string, data []byte) ([]*Item, diag.List) {
	s := splitter{file: file, data: data, line: 1}
	if p := utf16(data); p != nil {
		s.refuse(p)
		return nil, s.findings
	}
	s.at = len(data) - len(bytes.TrimPrefix(data, []byte("\ufeff")))
	s.begin()
	for s.at < len(data) {
		s.next()
	}
	s.finish(len(data))
	return s.items, s.findings
}

// splitter walks a stream line by line.
type splitter struct {
	file string
	data []byte
	at   int // first byte of the current line
	line int // number of the current line, from 1

	from, fromLine int  // where the current document begins
	content        bool // it holds more than comments and directives
	skip           bool // it was refused

	index    int
	items    []*Item
	findings diag.List
}

func (s *splitter) next() {
	end := len(s.data)
	if n := bytes.IndexByte(s.data[s.at:], '\n'); n >= 0 {
		end = s.at + n + 1
	}
	text := s.data[s.at:end]
	start, stop := isMarker(text, "---"), isMarker(text, "...")
	if start || stop {
		s.finish(s.at)
	} else {
		s.content = s.content || saysSomething(text)
	}
	s.at = end
	s.line++
	if start || stop {
		s.begin()
	}
	if start {
		s.checkSeparator(text)
	}
}

// begin starts a document at the current line.
func (s *splitter) begin() {
	s.from, s.fromLine, s.content, s.skip = s.at, s.line, false, false
}

// finish ends the current document before a place.
func (s *splitter) finish(to int) {
	if s.content && !s.skip {
		s.items = append(s.items, New(s.data[s.from:to:to], Place{File: s.file, Index: s.index, Line: s.fromLine}))
		s.index++
	}
}

// checkSeparator refuses a document that begins in the line of its "---": kustomize does, and where it begins would
// depend on the tool.
func (s *splitter) checkSeparator(text []byte) {
	after := bytes.Trim(text[len("---"):], whitespace)
	if len(after) == 0 || after[0] == '#' {
		return
	}
	s.skip = true
	s.refuse(&problem{
		code:    diag.NotYAML,
		line:    s.line - 1,
		column:  1,
		message: fmt.Sprintf("%q stands behind the document separator \"---\"", shorten(string(after))),
		try:     "begin the document in the next line",
	})
	s.index++
}

func (s *splitter) refuse(p *problem) {
	source := diag.Source{File: s.file, Index: s.index}
	if s.file != "" {
		source.Line, source.Column = p.line, p.column
	}
	s.findings = append(s.findings, diag.Finding{Code: p.code, Source: source, Message: p.message, Try: p.try})
}

// isMarker reports whether a line is "---" or "...", alone or with something after a space.
func isMarker(text []byte, marker string) bool {
	after, ok := bytes.CutPrefix(text, []byte(marker))
	return ok && (len(after) == 0 || strings.IndexByte(whitespace, after[0]) >= 0)
}

// saysSomething reports whether a line is more than a comment, or a directive such as "%YAML 1.2".
func saysSomething(text []byte) bool {
	word := bytes.Trim(text, whitespace)
	return len(word) > 0 && word[0] != '#' && text[0] != '%'
}
