package explain

import (
	"strconv"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/plan"
)

// patchOf finds the patch that has the last word about a field of an object. What a merge patch holds is what is written,
// so nothing has to be measured: https://www.rfc-editor.org/rfc/rfc7386.
func patchOf(patches []plan.Patch, object *written, path string) (diag.Source, bool) {
	for i := len(patches) - 1; i >= 0; i-- {
		p := &patches[i]
		if p.Kind != object.resource.Kind || p.Name != object.resource.Name || p.Owner != object.owner {
			continue
		}
		if field, ok := patched(p.Merge, keysOf(path)); ok {
			return p.Field("merge." + field), true
		}
	}
	return diag.Source{}, false
}

// keysOf takes a field path apart into keys and positions.
func keysOf(path string) []any {
	var keys []any
	for path != "" {
		rest, bracket := strings.CutPrefix(path, "[")
		if !bracket {
			end := strings.IndexAny(path, ".[")
			if end < 0 {
				return append(keys, path)
			}
			keys, path = append(keys, path[:end]), strings.TrimPrefix(path[end:], ".")
			continue
		}
		if quoted, err := strconv.QuotedPrefix(rest); err == nil {
			key, _ := strconv.Unquote(quoted)
			keys, path = append(keys, key), strings.TrimPrefix(rest[len(quoted):], "]")
		} else {
			inside, after, _ := strings.Cut(rest, "]")
			position, _ := strconv.Atoi(inside)
			keys, path = append(keys, position), after
		}
		path = strings.TrimPrefix(path, ".")
	}
	return keys
}

// patched is the path of a field inside a patch. A list or a single value replaces all that was there.
func patched(merge any, keys []any) (path string, ok bool) {
	for _, key := range keys {
		switch at := merge.(type) {
		case map[string]any:
			name, _ := key.(string)
			inner, known := at[name]
			if !known {
				return "", false
			}
			merge, path = inner, diag.Join(path, name)
		case []any:
			position, _ := key.(int)
			if position >= len(at) {
				return path, true
			}
			if merge = entry(at[position]); merge == nil {
				return diag.At(path, position), true
			}
			path = diag.At(path, position)
		case listed:
			name, _ := key.(string)
			if at[name] == nil { // Istio's own type writes it in another form.
				return path, true
			}
			merge, path = at[name], diag.Join(path, name)
			if inner := entry(merge); inner != nil {
				merge = inner
			}
		default:
			return path, true
		}
	}
	return path, true
}

// listed is a mapping inside a list of a patch: all of it is the patch's.
type listed map[string]any

func entry(value any) any {
	switch value := value.(type) {
	case map[string]any:
		return listed(value)
	case []any:
		return value
	}
	return nil
}
