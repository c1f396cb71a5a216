package tests

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

// explainedLine is as much of `meshfn explain --format json` as the test needs.
type explainedLine struct {
	Subject, Port, Field, Value, Nothing string
	From                                 struct {
		Note string
		At   struct {
			File         string
			Line, Column int
		}
	}
	Became []struct {
		Object  struct{ Kind, Namespace, Name string }
		Field   string
		Patched *struct{ Field string }
	}
}

// TestExplainTellsTheTruth changes each number and duration of the documents where explain says that it is written, and
// expects that exactly those fields of the output change that explain says it became.
func TestExplainTellsTheTruth(t *testing.T) {
	tried := 0
	eachScenario(t, func(t *testing.T, inputs map[string]string) {
		inDirectory(t, inputs)
		got := run(t, "", "explain", "--format", "json")
		if got.code != 0 {
			return
		}
		var lines []explainedLine
		if err := json.Unmarshal([]byte(got.stdout), &lines); err != nil {
			t.Fatal(err)
		}
		before := leavesOf(t, run(t, "", "render", ".").stdout)
		for place, together := range byPlace(lines) {
			if changeOne(t, inputs, place, together, before) {
				tried++
			}
		}
	})
	if tried < 100 {
		t.Errorf("only %d values were changed", tried)
	}
}

// byPlace puts together what is written in one place: a default holds for many Services and ports.
func byPlace(lines []explainedLine) map[string][]explainedLine {
	places := map[string][]explainedLine{}
	for _, line := range lines {
		if at := line.From.At; at.Line > 0 && line.From.Note == "" && line.Nothing == "" {
			key := fmt.Sprintf("%s:%d:%d", at.File, at.Line, at.Column)
			places[key] = append(places[key], line)
		}
	}
	return places
}

var scalar = regexp.MustCompile(`^[^:]+: *(\d+(?:ms|s|m|h)?)(?:[ ,}#\n]|$)`)

// changeOne writes another value where a line says that its value is, and compares what changed with what it became. It
// is false where the other value is refused.
func changeOne(t *testing.T, inputs map[string]string, place string, together []explainedLine, before map[string]string) bool {
	at := together[0].From.At
	text := strings.SplitAfter(inputs[at.File], "\n")
	written := text[at.Line-1]
	found := scalar.FindStringSubmatchIndex(written[at.Column-1:])
	if found == nil {
		return false
	}
	start, end := at.Column-1+found[2], at.Column-1+found[3]
	other := another(written[start:end])
	text[at.Line-1] = written[:start] + other + written[end:]
	if err := os.WriteFile(at.File, []byte(strings.Join(text, "")), 0o644); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := os.WriteFile(at.File, []byte(inputs[at.File]), 0o644); err != nil {
			t.Fatal(err)
		}
	}()
	got := run(t, "", "render", ".")
	if got.code != 0 {
		return false
	}
	after, changed, said := leavesOf(t, got.stdout), map[string]bool{}, map[string]bool{}
	for leaf, value := range before {
		if after[leaf] != value {
			changed[leaf] = true
		}
	}
	for _, line := range together {
		for _, became := range line.Became {
			if became.Patched == nil {
				said[fmt.Sprintf("%s %s/%s %s", became.Object.Kind, became.Object.Namespace, became.Object.Name, became.Field)] = true
			}
		}
	}
	if !maps.Equal(changed, said) {
		t.Errorf("%s: %s = %s became another value (%s), and\n  changed: %v\n  explained: %v", place, together[0].Field,
			written[start:end], other, slices.Sorted(maps.Keys(changed)), slices.Sorted(maps.Keys(said)))
	}
	return true
}

// another is a value near the given one, so that it fits what else is there.
func another(value string) string {
	if duration, err := time.ParseDuration(value); err == nil && strings.Trim(value, "0123456789") != "" {
		return (duration + max(duration/10, 100*time.Millisecond)).String()
	}
	var number int
	_, _ = fmt.Sscan(value, &number)
	return fmt.Sprint(number + 1)
}

// leavesOf lists the single values of the objects that are generated, and the metadata of pod templates.
func leavesOf(t *testing.T, stream string) map[string]string {
	t.Helper()
	leaves := map[string]string{}
	decoder := yaml.NewDecoder(strings.NewReader(stream))
	for {
		var object map[string]any
		if err := decoder.Decode(&object); err != nil {
			return leaves
		}
		metadata, _ := object["metadata"].(map[string]any)
		namespace, _ := metadata["namespace"].(string)
		addLeaves(leaves, fmt.Sprintf("%s %s/%s ", object["kind"], namespace, metadata["name"]), "", object)
	}
}

func addLeaves(leaves map[string]string, object, path string, value any) {
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			switch {
			case strings.ContainsAny(key, ".[]"):
				addLeaves(leaves, object, fmt.Sprintf("%s[%q]", path, key), inner)
			case path == "":
				addLeaves(leaves, object, key, inner)
			default:
				addLeaves(leaves, object, path+"."+key, inner)
			}
		}
	case []any:
		for i, inner := range value {
			addLeaves(leaves, object, fmt.Sprintf("%s[%d]", path, i), inner)
		}
	default:
		leaves[object+path] = fmt.Sprint(value)
	}
}
