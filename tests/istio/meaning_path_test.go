package istio

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// lookUp follows a path: a.b, a[0], and a[x] for the entry of a list or mapping that is called x. It looks into text that
// is JSON, because Istio hands configuration to its agent that way.
func lookUp(value any, path string) (any, bool) {
	for _, step := range steps(path) {
		if text, ok := value.(string); ok {
			var inside any
			if json.Unmarshal([]byte(text), &inside) != nil {
				return nil, false
			}
			value = inside
		}
		var ok bool
		switch in := value.(type) {
		case map[string]any:
			value, ok = in[step]
		case []any:
			value, ok = entry(in, step)
		}
		if !ok {
			return nil, false
		}
	}
	return value, true
}

func steps(path string) []string {
	var out []string
	for path != "" {
		end := strings.IndexAny(path, ".[")
		switch {
		case end < 0:
			return append(out, path)
		case end > 0:
			out = append(out, path[:end])
		}
		if path[end] == '.' {
			path = path[end+1:]
			continue
		}
		inside, rest, _ := strings.Cut(path[end+1:], "]")
		out, path = append(out, inside), strings.TrimPrefix(rest, ".")
	}
	return out
}

// entry finds an entry of a list by its position or its name.
func entry(list []any, step string) (any, bool) {
	if i, err := strconv.Atoi(step); err == nil {
		if i >= len(list) {
			return nil, false
		}
		return list[i], true
	}
	for _, candidate := range list {
		if fields, ok := candidate.(map[string]any); ok && fields["name"] == step {
			return fields, true
		}
	}
	return nil, false
}

// asJSON turns a value into what its JSON says.
func asJSON(value any) (any, error) {
	var text []byte
	var err error
	if message, ok := value.(proto.Message); ok {
		text, err = protojson.Marshal(message)
	} else {
		text, err = json.Marshal(value)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot write %T: %w", value, err)
	}
	var out any
	return out, json.Unmarshal(text, &out)
}

// asText writes a value so that equal values have equal text.
func asText(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func TestLookUp(t *testing.T) {
	subject, err := asJSON(map[string]any{
		"a":  map[string]any{"b": []any{map[string]any{"name": "x", "value": `{"c": 1}`}, 2}},
		"to": map[string]any{"outbound|80||web.shop": 100},
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"a.b[1]":                    "2",
		"a.b[x].value.c":            "1",
		"a.b[y]":                    absent,
		"a.b[7]":                    absent,
		"a.c":                       absent,
		"a.b[1].c":                  absent,
		"to[outbound|80||web.shop]": "100",
	} {
		got := absent
		if value, ok := lookUp(subject, path); ok {
			got = asText(value)
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}
