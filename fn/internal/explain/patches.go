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
	for i, key := range keys {
		fields, isMap := merge.(map[string]any)
		if !isMap {
			return replaced(merge, keys[i:], path), true
		}
		name, _ := key.(string)
		if merge, ok = fields[name]; !ok {
			return "", false
		}
		path = diag.Join(path, name)
	}
	return path, true
}

// replaced follows a field into what a patch replaces as a whole, as far as the patch writes it in the same form.
func replaced(value any, keys []any, path string) string {
	for _, key := range keys {
		switch key := key.(type) {
		case int:
			list, _ := value.([]any)
			if key >= len(list) {
				return path
			}
			value, path = list[key], diag.At(path, key)
		case string:
			fields, _ := value.(map[string]any)
			if fields[key] == nil {
				return path
			}
			value, path = fields[key], diag.Join(path, key)
		}
	}
	return path
}
