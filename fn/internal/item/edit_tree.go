package item

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// target is a place in a parsed document that an edit is about: a key in a mapping.
type target struct {
	m        *yaml.Node // the mapping
	key, val *yaml.Node // what it holds for the key, nil when that is absent
	rest     []string   // the path from that key on
}

// find follows a path of keys as far as it exists. It is false where the bytes on the way mean something elsewhere too.
func (d *document) find(path []string) (target, bool) {
	m := d.root
	for n, name := range path {
		if m.Anchor != "" {
			return target{}, false
		}
		key, val := own(m, name)
		last := n == len(path)-1
		switch {
		case key == nil:
			_, merged := field(m, name)
			return target{m: m, rest: path[n:]}, merged == nil || last
		case last || isNullNode(val):
			return target{m: m, key: key, val: val, rest: path[n:]}, val.Anchor == "" && val.Style&yaml.TaggedStyle == 0
		case val.Kind != yaml.MappingNode:
			return target{}, false
		}
		m = val
	}
	return target{}, false
}

// set finds the bytes that set a scalar.
func (d *document) set(path []string, text string) (edit, bool) {
	t, ok := d.find(path)
	switch {
	case !ok:
		return edit{}, false
	case t.m.Style&yaml.FlowStyle != 0:
		return d.setFlow(t, text)
	case t.key == nil:
		return d.insertLines(t, text)
	case len(t.rest) > 1:
		return d.fillLines(t, text)
	}
	return d.overwrite(t, written(text, quoted(t.val))), true
}

func quoted(n *yaml.Node) bool { return n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 }

// setFlow edits between brackets. JSON stays JSON: where the keys are in double quotes, the new text is too.
func (d *document) setFlow(t target, text string) (edit, bool) {
	json := d.root.Style&yaml.FlowStyle != 0 && (len(d.root.Content) == 0 || d.root.Content[0].Style&yaml.DoubleQuotedStyle != 0)
	if t.key == nil {
		at := d.content(t.m) + 1
		if d.raw[at-1] != '{' {
			return edit{}, false
		}
		separator := ", "
		if len(t.m.Content) == 0 {
			separator = ""
		} else if at < len(d.raw) && strings.IndexByte(whitespace, d.raw[at]) >= 0 {
			separator = ","
		}
		return edit{at, at, flowText(t.rest, text, json) + separator}, true
	}
	if len(t.rest) > 1 {
		return d.overwrite(t, "{"+flowText(t.rest[1:], text, json)+"}"), true
	}
	return d.overwrite(t, written(text, json || quoted(t.val))), true
}

// flowText writes keys nested in one another, and the value of the last one.
func flowText(path []string, text string, quote bool) string {
	key := written(path[0], quote) + ": "
	if len(path) == 1 {
		return key + written(text, quote)
	}
	return key + "{" + flowText(path[1:], text, quote) + "}"
}

// overwrite replaces the text of a value.
func (d *document) overwrite(t target, text string) edit {
	from := d.offset(t.val)
	to := d.end(t.val, d.column(t.m))
	if from > 0 && d.raw[from-1] == ':' {
		text = " " + text
	}
	return edit{from, to, text}
}

// column returns the column of a block mapping's keys, from 0.
func (d *document) column(m *yaml.Node) int {
	at := d.content(m)
	return at - d.lineStart(at)
}

func (d *document) lineBreak() string {
	if strings.Contains(string(d.raw), "\r\n") {
		return "\r\n"
	}
	return "\n"
}

// insertLines adds a key after the last one of a block mapping. Comments below stay where they are.
func (d *document) insertLines(t target, text string) (edit, bool) {
	column := d.column(t.m)
	at := d.lineStop(d.end(t.m, column))
	return edit{at, at, newLines(column, t.rest, text, d.lineBreak())}, true
}

// fillLines puts a mapping where null or nothing stands behind a key.
func (d *document) fillLines(t target, text string) (edit, bool) {
	column := d.column(t.m)
	from := d.offset(t.val)
	to := from + len(t.val.Value)
	stop := d.lineStop(to)
	for from > 0 && d.raw[from-1] == ' ' {
		from--
	}
	after := strings.TrimRight(string(d.raw[to:stop]), " ")
	return edit{from, stop, after + newLines(column+2, t.rest[1:], text, d.lineBreak())}, from > 0 && d.raw[from-1] == ':'
}
