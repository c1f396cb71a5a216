package item

import (
	"bytes"
	"slices"
	"strings"
)

// listKind is the kind of a function's input.
const listKind = "ResourceList"

// resourceList cuts a list into items by its lines. It is nil where the list is not written the way kyaml writes it.
func (o *outline) resourceList() *ResourceList {
	root, ok := o.root()
	kind, _, known := o.get("kind")
	if !ok || !known || kind != listKind || root.col != 0 || o.raw[len(o.raw)-1] != '\n' {
		return nil
	}
	l := &ResourceList{Kind: kind, came: map[*Item][]byte{}}
	l.APIVersion, _, _ = o.get("apiVersion")
	items, ok := o.section(root, "items")
	if !ok || !o.cutItems(l, items) {
		return nil
	}
	results, ok := o.section(root, "results")
	if !ok {
		return nil
	}
	config, ok := o.section(root, "functionConfig")
	if !ok || !o.cutConfig(l, root, config) {
		return nil
	}
	l.before, l.after = o.around(items, results)
	return l
}

// section is the lines of a top-level key, [from,to). It is empty where the key is absent.
type section struct{ from, to int }

// section finds a top-level key. Comments right before the next key belong to that one.
func (o *outline) section(root block, key string) (section, bool) {
	from, ok := o.find(root, key)
	if !ok || from < 0 {
		return section{len(o.lines), len(o.lines)}, ok
	}
	to := from + 1
	for to < len(o.lines) && (o.lines[to].kind != entry || o.lines[to].indent > 0 || o.isDash(&o.lines[to])) {
		to++
	}
	return section{from, o.leadIn(from+1, to, 0)}, true
}

// leadIn returns the first of the comments that lead to line to, or that line. A comment that is deeper than column
// belongs to what is above.
func (o *outline) leadIn(from, to, column int) int {
	first := to
	for i := to - 1; i >= from; i-- {
		l := &o.lines[i]
		if l.kind != blank && (l.kind != comment || l.indent > column) {
			break
		}
		if l.kind == comment {
			first = i
		}
	}
	return first
}

func (o *outline) start(i int) int {
	if i >= len(o.lines) {
		return len(o.raw)
	}
	return o.lines[i].start
}

// cutItems makes an item of each entry of the list. The dash becomes a space in a copy of the text, so that the item is
// a document of its own.
func (o *outline) cutItems(l *ResourceList, s section) bool {
	l.header = []byte("items:\n")
	if s.from == len(o.lines) {
		return true
	}
	dashes, ok := o.entries(s)
	if !ok || len(dashes) == 0 {
		return ok
	}
	l.column = o.lines[dashes[0]].indent
	from := s.from + 1
	for o.lines[from].kind == blank {
		from++
	}
	begin := o.start(from)
	l.header = o.raw[o.start(s.from):begin]
	copied := bytes.Clone(o.raw[begin:o.start(s.to)])
	for n, dash := range dashes {
		to := s.to
		if n+1 < len(dashes) {
			to = o.leadIn(dash+1, dashes[n+1], l.column)
		}
		copied[o.lines[dash].first()-begin] = ' '
		raw := copied[o.start(from)-begin : o.start(to)-begin : o.start(to)-begin]
		if !o.selfContained(raw, from, to) {
			return false
		}
		i := New(raw, Place{})
		i.place = placeOf(i, n)
		l.Items = append(l.Items, i)
		l.came[i] = o.raw[o.start(from):o.start(to)]
		from = to
	}
	return true
}

// entries returns the lines in which the entries of the list begin.
func (o *outline) entries(s section) ([]int, bool) {
	first := o.structure(s.from+1, s.to)
	if first == s.to {
		return nil, o.emptyList(s.from)
	}
	if !o.onlyComment(o.lines[s.from].start+len("items:"), o.lines[s.from].end) {
		return nil, false
	}
	var dashes []int
	column := o.lines[first].indent
	for i := first; i < s.to; i++ {
		l := &o.lines[i]
		if l.kind != entry || l.indent > column {
			continue
		}
		if l.indent < column || !o.isDash(l) {
			return nil, false
		}
		dashes = append(dashes, i)
	}
	return dashes, true
}

// selfContained reports whether a part of the list means the same on its own, which it does unless an alias in it points
// to an anchor in another part.
func (o *outline) selfContained(raw []byte, from, to int) bool {
	if !slices.ContainsFunc(o.lines[from:to], func(l line) bool { return l.refs }) {
		return true
	}
	_, err := decode(raw)
	return err == nil || !strings.Contains(err.Error(), "unknown anchor")
}

// cutConfig makes an item of the function's configuration.
func (o *outline) cutConfig(l *ResourceList, root block, s section) bool {
	const key = "functionConfig:"
	if s.from == len(o.lines) || o.value(root, s.from).kind == null {
		return true
	}
	raw := bytes.Clone(o.raw[o.start(s.from):o.start(s.to)])
	copy(raw, strings.Repeat(" ", len(key)))
	if blankStart := countSpaces(raw); raw[blankStart] == '\n' {
		raw = raw[blankStart+1:]
	}
	l.FunctionConfig = New(raw, Place{})
	l.FunctionConfig.place = placeOf(l.FunctionConfig, 0)
	return o.selfContained(raw, s.from, s.to)
}

// around returns the text before and after the items, without results.
func (o *outline) around(items, results section) (before, after []byte) {
	for i := range o.lines {
		switch text := o.raw[o.start(i):o.start(i+1)]; {
		case results.from <= i && i < results.to:
		case i < items.from:
			before = append(before, text...)
		case i >= items.to:
			after = append(after, text...)
		}
	}
	return before, after
}

// emptyList reports whether "items:" holds nothing.
func (o *outline) emptyList(i int) bool {
	text, _, _ := strings.Cut(string(o.raw[o.lines[i].start+len("items:"):o.lines[i].end]), " #")
	text = strings.Trim(text, whitespace)
	return text == "" || text == "[]" || text == "null"
}
