package diag

import (
	"slices"
	"testing"
)

func TestSplit(t *testing.T) {
	key := func(name string) Step { return Step{Key: name} }
	at := func(index int) Step { return Step{Index: index, Listed: true} }
	for path, want := range map[string][]Step{
		"":                                  nil,
		"timeout":                           {key("timeout")},
		"spec.http[0].route[12]":            {key("spec"), key("http"), at(0), key("route"), at(12)},
		`metadata.labels["istio.io/rev"]`:   {key("metadata"), key("labels"), key("istio.io/rev")},
		`ports["8.0"].timeout`:              {key("ports"), key("8.0"), key("timeout")},
		`["a.b"]["c\"]d"]`:                  {key("a.b"), key(`c"]d`)},
		Join(Join("spec", "a]b"), "c"):      {key("spec"), key("a]b"), key("c")},
		At(At("spec.distribute", 1), 2):     {key("spec"), key("distribute"), at(1), at(2)},
		`spec.services["a\u00e9.b"].expose`: {key("spec"), key("services"), key("aé.b"), key("expose")},
	} {
		if got, ok := Split(path); !ok || !slices.Equal(got, want) {
			t.Errorf("%q: %v, %t; want %v", path, got, ok, want)
		}
	}
	for path, want := range map[string]int{"a.": 1, ".a": 0, "a..b": 1, "a[": 1, "a[x]": 1, `a["b]`: 1, "a[-1]": 1, "a[0": 1} {
		if got, ok := Split(path); ok || len(got) != want {
			t.Errorf("%q: %v, %t; want %d steps and no more", path, got, ok, want)
		}
	}
}

func TestWithin(t *testing.T) {
	for _, test := range []struct {
		field, block string
		want         bool
	}{
		{"retries", "retries", true},
		{"retries.attempts", "retries", true},
		{`ports["8.0"]`, "ports", true},
		{"hosts[0]", "hosts", true},
		{"retriesOn", "retries", false},
		{"retries", "retries.attempts", false},
	} {
		if got := Within(test.field, test.block); got != test.want {
			t.Errorf("%s within %s: %t", test.field, test.block, got)
		}
	}
}
