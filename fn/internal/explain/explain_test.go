package explain

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/meshfn/meshfn/fn/internal/spec"
)

// TestGuideNamesEveryField holds that docs/explain.md has each field of what leaves as JSON.
func TestGuideNamesEveryField(t *testing.T) {
	text, err := os.ReadFile("../../../docs/explain.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range []reflect.Type{
		reflect.TypeFor[Line](), reflect.TypeFor[Became](), reflect.TypeFor[Rung](), reflect.TypeFor[Unset](), reflect.TypeFor[Reasons](),
		reflect.TypeFor[Cause](), reflect.TypeFor[spec.Origin](), reflect.TypeFor[spec.Overridden](),
	} {
		for field := range of.Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if field.IsExported() && name != "-" && !strings.Contains(string(text), name+"`") {
				t.Errorf("%s.%s is not in the guide", of, name)
			}
		}
	}
}

func TestCollapsed(t *testing.T) {
	tests := map[string][]string{
		"spec.http[0].timeout":                             {"spec.http[0].timeout"},
		"spec.http[0,1].timeout":                           {"spec.http[0].timeout", "spec.http[1].timeout"},
		"spec.http[0-2,4].timeout":                         {"spec.http[0].timeout", "spec.http[1].timeout", "spec.http[2].timeout", "spec.http[4].timeout"},
		"spec.http[1].route[0,1].weight":                   {"spec.http[1].route[0].weight", "spec.http[1].route[1].weight"},
		"spec.http[0].match[0].x, spec.http[1].match[1].x": {"spec.http[0].match[0].x", "spec.http[1].match[1].x"},
	}
	for want, fields := range tests {
		if got := collapsed(fields); got != want {
			t.Errorf("%v: %s, want %s", fields, got, want)
		}
	}
}

func TestPatched(t *testing.T) {
	merge := map[string]any{
		"metadata": map[string]any{"labels": map[string]any{"a.b/c": "x"}},
		"spec": map[string]any{
			"hosts": []any{"web"}, "gone": nil,
			"http": []any{map[string]any{"timeout": "1m", "route": []any{map[string]any{"weight": 1}}}},
		},
	}
	tests := map[string]string{
		`metadata.labels["a.b/c"]`:     `metadata.labels["a.b/c"]`,
		"metadata.name":                "",
		"spec.hosts[0]":                "spec.hosts[0]",
		"spec.gone.below":              "spec.gone",
		"spec.http[0].timeout":         "spec.http[0].timeout",
		"spec.http[0].route[0].weight": "spec.http[0].route[0].weight",
		"spec.http[0].other.form":      "spec.http[0]",
		"spec.tcp[0]":                  "",
	}
	for path, want := range tests {
		if got, ok := patched(merge, path); got != want || ok != (want != "") {
			t.Errorf("%s: %q, %t", path, got, ok)
		}
	}
}

func TestNaturally(t *testing.T) {
	for _, pair := range [][2]string{{"http[2].a", "http[10].a"}, {"a", "a.b"}, {"http[1].a", "http[1].b"}} {
		if naturally(pair[0], pair[1]) >= 0 || naturally(pair[1], pair[0]) <= 0 || naturally(pair[0], pair[0]) != 0 {
			t.Errorf("%v are not in order", pair)
		}
	}
}

// TestPlacesGoThroughEverything holds that a place of each kind gets its line.
func TestPlacesGoThroughEverything(t *testing.T) {
	history := spec.History{{Field: "timeout"}}
	origin := spec.Origin{Overrode: &history}
	e := Explanation{
		Lines:  []Line{{From: origin, Computed: []spec.Origin{{}}, Became: []Became{{}}}},
		Causes: []Cause{{From: spec.Origin{}, Computed: []spec.Origin{{}}}},
	}
	for _, at := range e.Places() {
		at.Field = "seen"
	}
	seen := []string{
		e.Lines[0].From.At.Field, e.Lines[0].From.Via.Field, history[0].At.Field, e.Lines[0].Computed[0].At.Field,
		e.Lines[0].Became[0].Patched.Field, e.Causes[0].From.At.Field, e.Causes[0].Computed[0].At.Field,
	}
	if diff := cmp.Diff(strings.Fields(strings.Repeat("seen ", len(seen))), seen); diff != "" {
		t.Error(diff)
	}
}
