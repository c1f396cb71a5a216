package objects

import (
	"maps"

	"github.com/meshfn/meshfn/fn/internal/compare/fields"
)

// lastApplied is where kubectl keeps a copy of the whole object.
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

// hidden takes what is secret out of both forms of a Secret. A comparison is posted where more people read it than the
// Secret itself. That a value changes can be seen, and not to what.
func hidden(from, to any) (before, after any) {
	out := [2]any{from, to}
	for _, path := range [][]string{{"data"}, {"stringData"}, {"metadata", "annotations"}} {
		left, right := fields.At(from, path...), fields.At(to, path...)
		out[0] = hide(out[0], left, right, "hidden, the old value", path)
		out[1] = hide(out[1], right, left, "hidden, the new value", path)
	}
	return out[0], out[1]
}

// hide replaces the values of one block.
func hide(document, block, other any, word string, path []string) any {
	values, ok := block.(map[string]any)
	if !ok {
		return document
	}
	others, _ := other.(map[string]any)
	shown := maps.Clone(values)
	for key, value := range values {
		if path[0] == "metadata" && key != lastApplied {
			continue
		}
		shown[key] = "hidden"
		if theirs, both := others[key]; both && !fields.Equal(value, theirs) {
			shown[key] = word
		}
	}
	return replaced(document, shown, path)
}

// replaced is a document with another value at a path. The document itself stays as it is.
func replaced(document, value any, path []string) any {
	if len(path) == 0 {
		return value
	}
	mapping, ok := document.(map[string]any)
	if !ok {
		return document
	}
	out := maps.Clone(mapping)
	out[path[0]] = replaced(out[path[0]], value, path[1:])
	return out
}
