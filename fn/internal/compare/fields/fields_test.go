package fields

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func read(t *testing.T, text string) any {
	t.Helper()
	value, err := Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// TestEqual holds that how a document is written does not count, and that what it means does.
func TestEqual(t *testing.T) {
	written := "a: &x {b: 1, c: [one, two]}\nd: \"text\"\n"
	for text, want := range map[string]bool{
		"# why\nd: text   # here\na:\n  c:\n  - one\n  - \"two\"\n  b: 1\n": true,
		`{"d": "text", "a": {"b": 1, "c": ["one", "two"]}}`:                 true,
		"a: {b: 1, c: [two, one]}\nd: text\n":                               false,
		"a: {b: \"1\", c: [one, two]}\nd: text\n":                           false,
		"a: {b: 1, c: [one, two]}\n":                                        false,
	} {
		if Equal(read(t, written), read(t, text)) != want {
			t.Errorf("equal is not %t for\n%s", want, text)
		}
	}
}

func TestOf(t *testing.T) {
	from := read(t, "a: {x: 1, y: 9007199254740993, gone: {z: true}}\nl: [{id: a}, {id: b}]\nm: [1, 2]\n")
	to := read(t, "a: {x: 2, y: 9007199254740993, \"new.er\": \"\"}\nl: [{id: a}, {id: c}]\nm: [1]\n")
	want := []Difference{
		{"a.gone", `{"z":true}`, ""}, {`a["new.er"]`, "", `""`}, {"a.x", "1", "2"}, {"l[1].id", "b", "c"}, {"m", "[1,2]", "[1]"},
	}
	if diff := cmp.Diff(want, Of(from, to)); diff != "" {
		t.Error(diff)
	}
	if got := Of(from, from); got != nil {
		t.Errorf("a document is different from itself: %v", got)
	}
}
