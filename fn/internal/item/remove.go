package item

import "go.yaml.in/yaml/v3"

// emptied shortens a path to the first mapping that would hold nothing once the key is gone. It is nil where the key is
// absent.
func (d *document) emptied(path []string) []string {
	n, keep := d.root, 0
	for depth, name := range path {
		if n.Kind != yaml.MappingNode {
			return nil
		}
		all := fields(n)
		val, there := all[name]
		if !there {
			return nil
		}
		if len(all) > 1 {
			keep = depth
		}
		n = deref(val)
	}
	return path[:keep+1]
}

// remove finds the bytes of a key and its value.
func (d *document) remove(path []string) (edit, bool) {
	t, ok := d.find(path)
	if !ok || t.key == nil {
		return edit{}, false
	}
	if t.m.Style&yaml.FlowStyle != 0 {
		return d.removeFlow(t), true
	}
	return d.removeLines(t)
}

func (d *document) removeLines(t target) (edit, bool) {
	at := d.offset(t.key)
	from := d.lineStart(at)
	stop := d.lineStop(d.end(t.val, d.column(t.m)))
	to := d.afterBreak(stop)
	if to == stop { // The last line has no line break, and the one before it becomes the last.
		from = d.beforeBreak(from)
	}
	return edit{from: from, to: to}, countSpaces(d.raw[d.lineStart(at):at]) == at-d.lineStart(at)
}

// removeFlow removes a key up to the next one, or the last key with the comma before it.
func (d *document) removeFlow(t target) edit {
	keys := t.m.Content
	for i, key := range keys {
		switch {
		case key != t.key:
		case i+2 < len(keys):
			return edit{from: d.offset(key), to: d.offset(keys[i+2])}
		case i > 0:
			return edit{from: d.end(keys[i-1], 0), to: d.end(t.val, 0)}
		}
	}
	return edit{from: d.offset(t.key), to: d.end(t.val, 0)}
}
