package item

import "go.yaml.in/yaml/v3"

// change is what an edit is to bring about: the value at a path of keys, or the absence of the last key.
type change struct {
	path   []string
	value  string
	remove bool
}

// edit replaces the bytes [from,to) of a document.
type edit struct {
	from, to int
	text     string
}

func (e edit) apply(raw []byte) []byte {
	out := make([]byte, 0, len(raw)+len(e.text)-(e.to-e.from))
	out = append(out, raw[:e.from]...)
	out = append(out, e.text...)
	return append(out, raw[e.to:]...)
}

// made reports whether the change, and nothing else, happened between two readings of a mapping. Every edit has to pass
// this, so that a mistake in finding the right bytes can never reach the output.
func (c change) made(before, after *yaml.Node) bool { return c.madeAt(before, after, c.path) }

func (c change) madeAt(before, after *yaml.Node, path []string) bool {
	after = deref(after)
	if len(path) == 0 {
		return after.Kind == yaml.ScalarNode && after.ShortTag() == "!!str" && after.Value == c.value
	}
	if after.Kind != yaml.MappingNode {
		return false
	}
	was, is, name := map[string]*yaml.Node{}, fields(after), path[0]
	if before != nil && deref(before).Kind == yaml.MappingNode {
		was = fields(deref(before))
	}
	val, there := is[name]
	switch {
	case c.remove && len(path) == 1 && there:
		return false
	case c.remove && len(path) == 1:
	case !there || !c.madeAt(was[name], val, path[1:]):
		return false
	}
	delete(was, name)
	delete(is, name)
	return equalFields(was, is)
}
