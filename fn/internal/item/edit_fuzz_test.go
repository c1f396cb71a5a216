package item

import (
	"bytes"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// FuzzSetString sets and removes a string in any document that Check accepts, and holds the outcome against the parser:
// the string is there, everything else means what it meant, and doing it again changes nothing.
func FuzzSetString(f *testing.F) {
	for _, raw := range awkward(f) {
		f.Add([]byte(raw), "metadata/labels/app", "web")
		f.Add([]byte(raw), "kind", "true")
		f.Add([]byte(raw), "spec/template/metadata/labels/sidecar.istio.io~inject", "false")
	}
	f.Fuzz(func(t *testing.T, raw []byte, at, value string) {
		path := strings.Split(at, "/")
		for n := range path {
			path[n] = strings.ReplaceAll(path[n], "~", "/")
		}
		setAndRemove(t, raw, path, value)
	})
}

func setAndRemove(t *testing.T, raw []byte, path []string, value string) {
	t.Helper()
	i := New(bytes.Clone(raw), Place{})
	if i.Check() != nil || checkPath(path, value) != nil || len(raw) > 1<<16 {
		return
	}
	before, _ := i.Node()
	if checkTypes(before, path) != nil {
		if i.SetString(path, value) == nil || i.Edited() {
			t.Errorf("SetString(%q) replaced a mapping or list", path)
		}
		return
	}
	must(t, i, change{path: path, value: value}, before, func() error { return i.SetString(path, value) })
	if got, ok := i.String(path...); !ok || got != value {
		t.Errorf("String(%q) = %q, %v after SetString(%q)\n%s", path, got, ok, value, i.Raw())
	}
	once, edited := i.Raw(), i.Edited()
	if err := i.SetString(path, value); err != nil || !bytes.Equal(once, i.Raw()) || i.Edited() != edited {
		t.Errorf("SetString(%q, %q) again: %v\n%q\n%q", path, value, err, once, i.Raw())
	}
	before, _ = i.Node()
	short := i.read().document.emptied(path)
	must(t, i, change{path: short, remove: true}, before, func() error { return i.Remove(path) })
	once = i.Raw()
	if err := i.Remove(path); err != nil || !bytes.Equal(once, i.Raw()) {
		t.Errorf("Remove(%q) again: %v\n%q\n%q", path, err, once, i.Raw())
	}
}

func must(t *testing.T, i *Item, c change, before *yaml.Node, act func() error) {
	t.Helper()
	from := i.Raw()
	if err := act(); err != nil {
		t.Fatalf("%+v: %v\n%q", c, err, from)
	}
	if !i.Edited() && !bytes.Equal(from, i.Raw()) {
		t.Errorf("%+v: not edited but changed", c)
	}
	after, err := New(i.Raw(), Place{}).Node()
	if err != nil {
		t.Fatalf("%+v: %v\nbefore:\n%s\nafter:\n%s", c, err, from, i.Raw())
	}
	if !c.made(before, after) {
		t.Fatalf("%+v changed something else\nbefore:\n%s\nafter:\n%s", c, from, i.Raw())
	}
}
