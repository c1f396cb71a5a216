package istio

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// proof is what was seen to change without a field: field → what changed → cases.
type proof map[string]map[string]map[string]bool

func (p proof) add(field, kind, path, name string) {
	switch {
	case path == "subject", path == "render", path == "error" && kind != "request" && kind != "stream":
		path = "the whole " + kind
	case kind == "cluster", kind == "endpoints", kind == "listener", kind == "refused", kind == "reported":
		path = kind + " " + path
	}
	if p[field] == nil {
		p[field] = map[string]map[string]bool{}
	}
	if p[field][path] == nil {
		p[field][path] = map[string]bool{}
	}
	p[field][path][name] = true
}

// table is the part of the README that says what proves each field.
func (p proof) table() string {
	var out strings.Builder
	out.WriteString("| field of the spec | what of Envoy or the pod changes without it | cases |\n|---|---|---|\n")
	for _, field := range slices.Sorted(maps.Keys(allFields())) {
		if why, excused := withoutMeaning()[field]; excused {
			out.WriteString("| `" + field + "` | nothing: " + why + " | |\n")
			continue
		}
		names := map[string]bool{}
		for _, cases := range p[field] {
			maps.Copy(names, cases)
		}
		out.WriteString("| `" + field + "` | " + list(slices.Sorted(maps.Keys(p[field]))) + " | " + list(slices.Sorted(maps.Keys(names))) + " |\n")
	}
	return out.String()
}

func list(words []string) string {
	quoted := make([]string, 0, len(words))
	for _, word := range words {
		quoted = append(quoted, "`"+strings.ReplaceAll(word, "|", `\|`)+"`")
	}
	return strings.Join(quoted, ", ")
}

// checkTable compares the table in the README with what was measured.
func checkTable(t *testing.T, table string) {
	t.Helper()
	const begin, end = "<!-- fields -->\n", "<!-- /fields -->"
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	old, after, closed := strings.Cut(rest, end)
	switch {
	case !ok || !closed:
		t.Fatalf("README.md has no %s%s", begin, end)
	case old == table:
	case !*update:
		t.Errorf("the table in README.md is not up to date; run: go test -run TestMeaning -update")
	default:
		if err := os.WriteFile("README.md", []byte(before+begin+table+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
