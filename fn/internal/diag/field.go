package diag

import (
	"strconv"
	"strings"
)

// Join appends a key to a field path. A key that would read as two path elements is quoted: spec.external["a.b"].
func Join(path, key string) string {
	if strings.ContainsAny(key, `.[]"`) {
		return path + "[" + strconv.Quote(key) + "]"
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// At appends a list position to a field path.
func At(path string, index int) string { return path + "[" + strconv.Itoa(index) + "]" }

// Parent returns the path without its last element, and false at the root.
func Parent(path string) (string, bool) {
	if path == "" {
		return "", false
	}
	if strings.HasSuffix(path, `"]`) {
		return path[:max(0, strings.LastIndex(path, `["`))], true
	}
	return path[:max(0, strings.LastIndexAny(path, ".["))], true
}

// Step is one element of a field path: a key, or a position in a list.
type Step struct {
	Key    string
	Index  int
	Listed bool
}

// Split takes a field path apart. What does not follow the syntax ends it, and ok is false then.
func Split(path string) (steps []Step, ok bool) {
	for rest := path; rest != ""; {
		var step Step
		if step, rest, ok = nextStep(rest); !ok {
			return steps, false
		}
		steps = append(steps, step)
		if after, dotted := strings.CutPrefix(rest, "."); dotted {
			if rest = after; rest == "" {
				return steps, false
			}
		}
	}
	return steps, true
}

func nextStep(path string) (step Step, rest string, ok bool) {
	if !strings.HasPrefix(path, "[") {
		end := strings.IndexAny(path, ".[")
		if end < 0 {
			end = len(path)
		}
		return Step{Key: path[:end]}, path[end:], end > 0
	}
	inside := path[1:]
	if quoted, err := strconv.QuotedPrefix(inside); err == nil {
		key, _ := strconv.Unquote(quoted)
		rest, ok = strings.CutPrefix(inside[len(quoted):], "]")
		return Step{Key: key}, rest, ok
	}
	number, rest, ok := strings.Cut(inside, "]")
	index, err := strconv.Atoi(number)
	return Step{Index: index, Listed: true}, rest, ok && err == nil && index >= 0
}

// Within reports whether a field is a block or below it.
func Within(field, block string) bool {
	rest, ok := strings.CutPrefix(field, block)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}
