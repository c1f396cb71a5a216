package item

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSetString(t *testing.T) {
	for name, test := range map[string]struct {
		path, value   string
		before, after string
	}{
		"after the last entry": {
			"metadata/labels/b", "x",
			"metadata:\n  labels:\n    a: y # c\n    # more\n\nspec: {}\n",
			"metadata:\n  labels:\n    a: y # c\n    b: x\n    # more\n\nspec: {}\n",
		},
		"missing mappings": {
			"metadata/labels/a", "x",
			"kind: A\nmetadata:\n  name: n\nspec:\n  a: 1\n",
			"kind: A\nmetadata:\n  name: n\n  labels:\n    a: x\nspec:\n  a: 1\n",
		},
		"everything missing": {"metadata/labels/a", "x", "kind: A\n", "kind: A\nmetadata:\n  labels:\n    a: x\n"},
		"indentation of the mapping": {
			"metadata/labels/b", "x",
			"metadata:\n      labels:\n              a: y\n", "metadata:\n      labels:\n              a: y\n              b: x\n",
		},
		"indented document":    {"metadata/name", "x", "  kind: A\n", "  kind: A\n  metadata:\n    name: x\n"},
		"no last line break":   {"b", "x", "a: y", "a: y\nb: x"},
		"crlf":                 {"m/b", "x", "m:\r\n  a: y\r\nk: z\r\n", "m:\r\n  a: y\r\n  b: x\r\nk: z\r\n"},
		"byte order mark":      {"b", "x", "\ufeffa: y\n", "\ufeffa: y\nb: x\n"},
		"after a list":         {"b", "x", "a:\n- c\n- d:\n    e\n# f\n", "a:\n- c\n- d:\n    e\nb: x\n# f\n"},
		"after a block scalar": {"m/b", "x", "m:\n  a: |\n    t\n    # t\n\nk: z\n", "m:\n  a: |\n    t\n    # t\n  b: x\n\nk: z\n"},
		"after kept lines":     {"m/b", "x", "m:\n  a: |+\n    t\n\nk: z\n", "m:\n  a: |+\n    t\n\n  b: x\nk: z\n"},
		"after a quoted scalar": {
			"m/b", "x",
			"m:\n  a: \"s\n # t\n  u\"\nk: z\n", "m:\n  a: \"s\n # t\n  u\"\n  b: x\nk: z\n",
		},
		"after a flow list":         {"m/b", "x", "m:\n  a: [s,\n# ]\n  u]\nk: z\n", "m:\n  a: [s,\n# ]\n  u]\n  b: x\nk: z\n"},
		"labels null":               {"m/labels/a", "x", "m:\n  labels: null # c\n  k: z\n", "m:\n  labels: # c\n    a: x\n  k: z\n"},
		"labels tilde":              {"m/labels/a", "x", "m:\n  labels: ~\n  k: z\n", "m:\n  labels:\n    a: x\n  k: z\n"},
		"labels empty":              {"m/labels/a", "x", "m:\n  labels:\n  # c\n  k: z\n", "m:\n  labels:\n    a: x\n  # c\n  k: z\n"},
		"labels nothing in braces":  {"m/labels/a", "x", "m:\n  labels: {} # c\n", "m:\n  labels: {a: x} # c\n"},
		"two levels in braces":      {"m/labels/a", "x", "m: {}\n", "m: {labels: {a: x}}\n"},
		"flow":                      {"m/labels/b", "x", "m: {labels: {a: y}}\n", "m: {labels: {b: x, a: y}}\n"},
		"flow with spaces":          {"m/b", "x", "m: { a: y }\n", "m: {b: x, a: y }\n"},
		"flow over lines":           {"m/b", "x", "m: {\n  a: y\n}\n", "m: {b: x,\n  a: y\n}\n"},
		"flow null":                 {"m/b/c", "x", "m: {a: y, b: null}\n", "m: {a: y, b: {c: x}}\n"},
		"json":                      {"m/b", "x", "{\"m\": {\"a\": \"y\"}}\n", "{\"m\": {\"b\": \"x\", \"a\": \"y\"}}\n"},
		"json null":                 {"m/b", "x", `{"m":null}`, `{"m": {"b": "x"}}`},
		"replace plain":             {"m/a", "x", "m:\n  a: y z # c\n", "m:\n  a: x # c\n"},
		"replace quoted":            {"m/a", "x", "m:\n  'a': 'y''z' # c\n", "m:\n  'a': \"x\" # c\n"},
		"replace in flow":           {"m/a", "x", "m: {k: 1, a: y z, b: c}\n", "m: {k: 1, a: x, b: c}\n"},
		"replace in json":           {"m/a", "x", `{"m": {"a": 1}}`, `{"m": {"a": "x"}}`},
		"replace a block scalar":    {"m/a", "x", "m:\n  a: |-\n    y\n\n    z\n\n  b: c\n", "m:\n  a: x\n\n  b: c\n"},
		"replace lines":             {"m/a", "x", "m:\n  a: y\n    z\n  b: c\n", "m:\n  a: x\n  b: c\n"},
		"replace null":              {"m/a", "x", "m:\n  a: null\n  b:   # c\n", "m:\n  a: x\n  b:   # c\n"},
		"replace nothing":           {"m/b", "x", "m:\n  a: null\n  b:   # c\n", "m:\n  a: null\n  b: x   # c\n"},
		"replace a number":          {"m/a", "8080", "m:\n  a: 8080\n", "m:\n  a: \"8080\"\n"},
		"replace an alias":          {"m/a", "x", "k: &k y\nm:\n  a: *k\n", "k: &k y\nm:\n  a: x\n"},
		"stays a string":            {"m/a", "true", "m: {}\n", "m: {a: \"true\"}\n"},
		"empty string":              {"a", "", "b: c\n", "b: c\na: \"\"\n"},
		"escapes":                   {"a", "x: \"y\"\n\u0085é", "b: c\n", "b: c\na: \"x: \\\"y\\\"\\n\\u0085é\"\n"},
		"key in need of quotes":     {"m/on", "x", "m:\n  b: c\n", "m:\n  b: c\n  \"on\": x\n"},
		"there already":             {"m/a", "x", "m:\n  a: 'x' # c\n", "m:\n  a: 'x' # c\n"},
		"there already, in json":    {"m/a", "x", `{"m": {"a": "x"}}`, `{"m": {"a": "x"}}`},
		"there already, in a block": {"m/a", "x", "m:\n  a: >-\n    x\n", "m:\n  a: >-\n    x\n"},
		"there already, shared":     {"m/a", "x", "k: &k {a: x}\nm: *k\n", "k: &k {a: x}\nm: *k\n"},
		"below an anchor": {
			"m/b", "x",
			"# head\nm: &m\n    a: y # c\nk: *m\nn: 'q'\n", "# head\nm:\n  a: y # c\n  b: x\nk:\n  a: y # c\nn: 'q'\n",
		},
		"below an alias": {"m/b", "x", "k: &k {a: y}\nm: *k\n", "k: &k {a: y}\nm: {a: y, b: x}\n"},
		"below a merge key": {
			"m/l/b", "x",
			"k: &k\n  l:\n    a: y\nm:\n  <<: *k\n  n: z\n", "k: &k\n  l:\n    a: y\nm:\n  n: z\n  l:\n    a: y\n    b: x\n",
		},
		"over a merge key": {"m/a", "x", "k: &k {a: y}\nm:\n  <<: *k\n", "k: &k {a: y}\nm:\n  <<: *k\n  a: x\n"},
	} {
		t.Run(name, func(t *testing.T) {
			i := New([]byte(test.before), Place{})
			if err := i.SetString(strings.Split(test.path, "/"), test.value); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.after, string(i.Raw())); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got := i.Edited(); got != (test.before != test.after) {
				t.Errorf("Edited() = %v", got)
			}
			setAndRemove(t, []byte(test.before), strings.Split(test.path, "/"), test.value)
		})
	}
}

func TestRemove(t *testing.T) {
	for name, test := range map[string]struct{ path, before, after string }{
		"a line":               {"m/a", "m:\n  a: x # c\n  b: y\n", "m:\n  b: y\n"},
		"the last line":        {"m/b", "m:\n  a: x\n  b: y", "m:\n  a: x"},
		"with its parent":      {"m/l/a", "m:\n  n: z\n  l:\n    a: x\nk: y\n", "m:\n  n: z\nk: y\n"},
		"with all parents":     {"m/l/a", "m:\n  l:\n    a: x\nk: y\n", "k: y\n"},
		"lines":                {"m/a", "m:\n  a:\n  - x\n  - |\n    y\n\n  # c\n  b: z\n", "m:\n\n  # c\n  b: z\n"},
		"crlf":                 {"m/a", "m:\r\n  a: x\r\n  b: y\r\n", "m:\r\n  b: y\r\n"},
		"flow, first":          {"m/a", "m: {a: x, b: y}\n", "m: {b: y}\n"},
		"flow, last":           {"m/b", "m: {a: x, b: [y] }\n", "m: {a: x }\n"},
		"flow, only":           {"m/a", "m: {a: x}\nk: y\n", "k: y\n"},
		"json":                 {"m/a", `{"m": {"a": 1}, "k": 2}`, `{"k": 2}`},
		"absent":               {"m/a", "m:\n  b: x\n", "m:\n  b: x\n"},
		"absent parent":        {"m/a/b", "m:\n  a: x\n", "m:\n  a: x\n"},
		"the root stays":       {"m/a", "m:\n  a: x\n", "{}\n"},
		"an anchor in use":     {"m", "m: &m {a: x}\nk: *m\n", "k: {a: x}\n"},
		"below an alias":       {"m/a", "k: &k {a: x, b: y}\nm: *k\n", "k: &k {a: x, b: y}\nm: {b: y}\n"},
		"below an anchor":      {"k/a", "k: &k {a: x, b: y}\nm: *k\n", "k: {b: y}\nm: {a: x, b: y}\n"},
		"what a merge gives":   {"m/a", "k: &k {a: x, b: y}\nm:\n  <<: *k\n  c: z\n", "k: &k {a: x, b: y}\nm:\n  c: z\n  b: y\n"},
		"what a merge repeats": {"m/a", "k: &k {a: x}\nm:\n  <<: *k\n  a: z\n  c: z\n", "k: &k {a: x}\nm:\n  c: z\n"},
	} {
		t.Run(name, func(t *testing.T) {
			i := New([]byte(test.before), Place{})
			if err := i.Remove(strings.Split(test.path, "/")); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.after, string(i.Raw())); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got := i.Edited(); got != (test.before != test.after) {
				t.Errorf("Edited() = %v", got)
			}
		})
	}
}

func TestEditRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		raw   string
		path  []string
		value string
		text  string
	}{
		"no path":         {"a: b\n", nil, "x", "path is empty"},
		"a mapping":       {"a:\n  b: c\n", []string{"a"}, "x", "a is a mapping"},
		"a list":          {"a: [b]\n", []string{"a", "b"}, "x", "a is a list"},
		"below a scalar":  {"a: b\n", []string{"a", "b"}, "x", `a is the text "b"`},
		"no UTF-8":        {"a: b\n", []string{"a"}, "\xff", "not UTF-8"},
		"no YAML":         {"kind: A\nmetadata: {\n", []string{"a"}, "x", "cannot edit a document without a name: line 2: a bracket is not closed"},
		"a key twice":     {"kind: A\nm: {a: 1, a: 2}\n", []string{"m", "b"}, "x", `key "a" is there twice`},
		"several objects": {"kind: A\n---\nkind: B\n", []string{"a"}, "x", "second document"},
	} {
		t.Run(name, func(t *testing.T) {
			i := New([]byte(test.raw), Place{})
			err := i.SetString(test.path, test.value)
			if err == nil || !strings.Contains(err.Error(), test.text) {
				t.Errorf("SetString: %v, want %q", err, test.text)
			}
			if i.Edited() || string(i.Raw()) != test.raw {
				t.Error("edited all the same")
			}
		})
	}
}

func TestSeveralEdits(t *testing.T) {
	i := New([]byte("kind: A # c\nspec:\n  template:\n    spec: {}\n"), Place{File: "a.yaml", Line: 10})
	for _, edit := range [][2]string{
		{"spec/template/metadata/labels/sidecar.istio.io~inject", "true"},
		{"spec/template/metadata/labels/istio.io~rev", "1-30"},
		{"spec/template/metadata/annotations/proxy.istio.io~config", "{}"},
		{"metadata/name", "a"},
	} {
		path := strings.Split(edit[0], "/")
		path[len(path)-1] = strings.ReplaceAll(path[len(path)-1], "~", "/")
		if err := i.SetString(path, edit[1]); err != nil {
			t.Fatal(err)
		}
	}
	want := `kind: A # c
spec:
  template:
    spec: {}
    metadata:
      labels:
        sidecar.istio.io/inject: "true"
        istio.io/rev: "1-30"
      annotations:
        proxy.istio.io/config: "{}"
metadata:
  name: a
`
	if diff := cmp.Diff(want, string(i.Raw())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if i.Name() != "a" {
		t.Errorf("Name() = %q after the edit", i.Name())
	}
	if s := i.Source("spec.template.spec"); s.Line != 13 || s.Column != 5 {
		t.Errorf("Source is %d:%d, want the line in the file as it came, 13:5", s.Line, s.Column)
	}
	if s := i.Source("metadata.name"); s.Line != 10 {
		t.Errorf("Source of a new field is line %d, want that of the document, 10", s.Line)
	}
}
