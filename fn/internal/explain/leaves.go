package explain

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/manifest"
)

// leaf is one value of an object as it is written.
type leaf struct {
	path  string
	value string
}

// written is one object of a rendering: a generated one, or what is set in one of the user's.
type written struct {
	resource diag.Resource
	edited   bool
	owner    string
	from     diag.Source
	leaves   []leaf
}

// value finds a leaf. Two renderings of one object are nearly the same, so it is looked for where the other one has it.
func (w *written) value(path string, near int) (string, bool) {
	if near < len(w.leaves) && w.leaves[near].path == path {
		return w.leaves[near].value, true
	}
	for i := range w.leaves {
		if w.leaves[i].path == path {
			return w.leaves[i].value, true
		}
	}
	return "", false
}

// readSet takes a rendering apart, in its order.
func readSet(set *manifest.Set) []written {
	var out []written
	for i := range set.Objects {
		object := &set.Objects[i]
		w := written{resource: object.Resource, owner: object.Owner, from: object.From}
		for _, key := range slices.Sorted(maps.Keys(object.Fields)) {
			if key != "apiVersion" && key != "kind" {
				w.read(key, object.Fields[key])
			}
		}
		out = append(out, w)
	}
	edits := map[diag.Resource]int{}
	for i := range set.Edits {
		edit := &set.Edits[i]
		resource := edit.Item.Resource()
		at, ok := edits[resource]
		if !ok {
			at = len(out)
			edits[resource] = at
			out = append(out, written{resource: resource, edited: true, from: edit.From})
		}
		l := leaf{value: edit.Value}
		for _, key := range edit.Path {
			l.path = diag.Join(l.path, key)
		}
		out[at].leaves = append(out[at].leaves, l)
	}
	return out
}

func (w *written) read(path string, value any) {
	switch value := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			w.read(diag.Join(path, key), value[key])
		}
		if len(value) > 0 {
			return
		}
	case []any:
		for i := range value {
			w.read(diag.At(path, i), value[i])
		}
		if len(value) > 0 {
			return
		}
	}
	w.leaves = append(w.leaves, leaf{path, plain(value)})
}

// plain is a value as a person would write it.
func plain(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(text)
}

// ref is a leaf of a rendering: the object's position, and the path.
type ref struct {
	object int
	path   string
}

// differs lists the leaves of a rendering that another one does not have, or has with another value.
func differs(base, other []written) map[ref]bool {
	out := map[ref]bool{}
	for i := range base {
		twin := twinOf(base, i, other)
		for j, l := range base[i].leaves {
			if twin != nil {
				if value, ok := twin.value(l.path, j); ok && value == l.value {
					continue
				}
			}
			out[ref{i, l.path}] = true
		}
	}
	return out
}

// twinOf finds an object in another rendering: by its name, or else by its position among those of its kind, because a
// change may be one of the name.
func twinOf(base []written, i int, other []written) *written {
	position := 0
	for j := range other {
		if other[j].resource == base[i].resource && other[j].edited == base[i].edited {
			return &other[j]
		}
	}
	for j := range i {
		if base[j].resource.Kind == base[i].resource.Kind {
			position++
		}
	}
	for j := range other {
		if other[j].resource.Kind != base[i].resource.Kind {
			continue
		}
		if position == 0 {
			if slices.ContainsFunc(base, func(w written) bool { return w.resource == other[j].resource }) {
				return nil
			}
			return &other[j]
		}
		position--
	}
	return nil
}

// pattern is a path without positions in lists: spec.http[].timeout.
func pattern(path string) string {
	var b strings.Builder
	for path != "" {
		start := strings.IndexByte(path, '[')
		if start < 0 {
			break
		}
		end := strings.IndexByte(path[start:], ']')
		if end < 0 {
			break
		}
		b.WriteString(path[:start])
		if inside := path[start+1 : start+end]; strings.Trim(inside, "0123456789") == "" {
			b.WriteString("[]")
		} else {
			b.WriteString(path[start : start+end+1])
		}
		path = path[start+end+1:]
	}
	b.WriteString(path)
	return b.String()
}
