package item

import (
	"bytes"
	"strings"
)

// lineEdit is an edit that the outline found, and the block mapping in which it happens.
type lineEdit struct {
	edit
	region block
	path   []string // from region on
	same   bool     // nothing is to be done
}

// set finds the bytes that set a scalar, without a YAML parser. It declines (false) where the touched levels are not
// plain block mappings.
func (o *outline) set(path []string, text string) (lineEdit, bool) {
	b, ok := o.root()
	for n, key := range path {
		if !ok {
			return lineEdit{}, false
		}
		var i int
		if i, ok = o.find(b, key); !ok {
			return lineEdit{}, false
		}
		e := lineEdit{region: b, path: path[n:]}
		if i < 0 {
			at := o.lines[o.last(b)].end
			e.edit = edit{at, at, newLines(b.col, path[n:], text, "\n")}
			return e, true
		}
		v := o.value(b, i)
		switch {
		case v.kind == nested && n < len(path)-1:
			b = v.block
		case v.kind == null && n < len(path)-1:
			e.edit = o.fill(b, i, v, path[n+1:], text)
			return e, true
		case (v.kind == null || v.kind == scalar) && n == len(path)-1:
			e.edit, e.same = o.overwrite(v, text)
			// Whether the same word without quotes is a string, such as 50m, or a number, the parser has to say.
			unsure := !e.same && v.kind == scalar && string(o.raw[v.from:v.to]) == text
			return e, !unsure
		default:
			return lineEdit{}, false
		}
	}
	return lineEdit{}, false
}

// last returns the last line of a block mapping that is not a comment; comments that follow stay where they are.
func (o *outline) last(b block) int {
	i := b.to - 1
	for o.lines[i].kind == blank || o.lines[i].kind == comment {
		i--
	}
	return i
}

// newLines writes keys nested in one another, and the value of the last one. Each line has its line break in front, so
// that a document without a last line break stays without.
func newLines(col int, path []string, text, lineBreak string) string {
	var b strings.Builder
	for n, key := range path {
		b.WriteString(lineBreak + strings.Repeat(" ", col+2*n) + written(key, false) + ":")
	}
	b.WriteString(" " + written(text, false))
	return b.String()
}

// fill puts a mapping where null or nothing stands behind the key in line i.
func (o *outline) fill(b block, i int, v value, path []string, text string) edit {
	l := &o.lines[i]
	name, _ := o.key(l)
	after := bytes.TrimRight(o.raw[v.to:l.end], " ")
	return edit{
		from: l.first() + len(name) + 1,
		to:   l.end,
		text: string(after) + newLines(b.col+2, path, text, "\n"),
	}
}

// overwrite replaces a one-line scalar, and reports whether it is the wanted string already.
func (o *outline) overwrite(v value, text string) (e edit, same bool) {
	switch {
	case v.quoted:
		same = string(o.raw[v.from:v.to]) == text
		return edit{v.from - 1, v.to + 1, written(text, true)}, same
	case v.from == v.to:
		return edit{v.from, v.to, " " + written(text, false)}, false
	}
	same = v.kind == scalar && string(o.raw[v.from:v.to]) == text && plainString(text)
	return edit{v.from, v.to, written(text, false)}, same
}

// made checks a line edit by parsing the block mapping that it is in, before and after. The lines around it keep their
// meaning because the scanner has seen that nothing is open where the mapping begins and ends.
func (e lineEdit) made(o *outline, c change) bool {
	from, to := o.lines[e.region.from].start, min(o.lines[e.region.to-1].end+1, len(o.raw))
	before, err := decode(o.raw[from:to])
	if err != nil {
		return false
	}
	inside := edit{e.from - from, e.to - from, e.text}
	after, err := decode(inside.apply(o.raw[from:to]))
	if err != nil {
		return false
	}
	c.path = e.path
	return c.made(before.Content[0], after.Content[0])
}
