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
