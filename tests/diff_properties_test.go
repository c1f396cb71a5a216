package tests

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// compared is what is read of a comparison.
type compared struct {
	Same    bool
	Changes []struct {
		Effect, Setting, Old, New string
		Subjects                  []struct {
			Name  string
			Ports []string
		}
		Gained, Lost []string
	}
	Calls []struct {
		From, To, What string
		New            bool
	}
	Objects []struct {
		What   string
		Object struct{ APIVersion, Kind, Namespace, Name string }
		Lines  struct{ Added, Removed int }
	}
	Rewritten []struct{ Kind, Name string }
}

func comparison(t *testing.T, from, to string) *compared {
	t.Helper()
	got := run(t, "", "diff", from, to, "--format", "json")
	if got.stdout == "" {
		t.Fatalf("there is no comparison of %s and %s: %s", from, to, got.stderr)
	}
	var out compared
	if err := json.Unmarshal([]byte(got.stdout), &out); err != nil {
		t.Fatal(err)
	}
	return &out
}

// backwards is a comparison as that of the sides in the other order has to be.
func (c *compared) backwards() *compared {
	out := *c
	out.Changes, out.Calls, out.Objects = slices.Clone(c.Changes), slices.Clone(c.Calls), slices.Clone(c.Objects)
	for i := range out.Changes {
		change := &out.Changes[i]
		change.Old, change.New = change.New, change.Old
		change.Gained, change.Lost = change.Lost, change.Gained
		change.Effect = cmpOr(map[string]string{"new": "gone", "gone": "new"}[change.Effect], change.Effect)
	}
	for i := range out.Calls {
		out.Calls[i].New = !out.Calls[i].New
	}
	for i := range out.Objects {
		object := &out.Objects[i]
		object.What = cmpOr(map[string]string{"added": "removed", "removed": "added"}[object.What], object.What)
		object.Lines.Added, object.Lines.Removed = object.Lines.Removed, object.Lines.Added
		object.Object.APIVersion = "" // another version is shown by the side that is new
	}
	return &out
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// mirrored holds that the comparison of two builds in the other order says the opposite of the same things.
func mirrored(t *testing.T, from, to string) *compared {
	t.Helper()
	there, back := comparison(t, from, to), comparison(t, to, from)
	for i := range back.Objects {
		back.Objects[i].Object.APIVersion = ""
	}
	if diff := cmp.Diff(texts(t, there.backwards()), texts(t, back)); diff != "" {
		t.Errorf("the comparison the other way round is not the opposite:\n%s", diff)
	}
	return there
}

// texts are the parts of a comparison in one order, and each subject of a change alone: what is told together depends on the
// words that it is told in.
func texts(t *testing.T, c *compared) []string {
	t.Helper()
	var all []string
	add := func(value any) {
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(text))
	}
	for _, change := range c.Changes {
		for i := range change.Subjects {
			alone := change
			alone.Subjects = change.Subjects[i : i+1]
			add(alone)
		}
	}
	for _, call := range c.Calls {
		add(call)
	}
	for _, object := range c.Objects {
		add(object)
	}
	slices.Sort(all)
	return all
}

// TestDiffWithItself holds that a build is no different from itself, whatever the order of its documents, and that it is the
// same against nothing there and back.
func TestDiffWithItself(t *testing.T) { eachScenario(t, diffWithItself) }

func diffWithItself(t *testing.T, inputs map[string]string) {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(inputs)) {
		all = append(all, documents(inputs[name])...)
	}
	mixed := slices.Clone(all)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
	inDirectory(t, map[string]string{"old/all.yaml": strings.Join(all, "---\n"), "new/all.yaml": strings.Join(mixed, "---\n")})
	got := run(t, "", "diff", "old", "new", "--exit-code")
	if got.stdout == "" { // It is no valid build.
		return
	}
	if got.code != 0 || got.stdout != "no difference: the same would be applied\n" {
		t.Errorf("exit code %d\n%s%s", got.code, got.stdout, got.stderr)
	}
	if there := mirrored(t, os.DevNull, "old"); there.Same || len(there.Objects) == 0 {
		t.Error("a build is nothing")
	}
}

// TestDiffExamples holds the same for every example.
func TestDiffExamples(t *testing.T) {
	seen := 0
	err := filepath.WalkDir("../examples", func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.Name() != "kustomization.yaml" || run(t, "", "build", filepath.Dir(path)).stdout == "" {
			return err // It is a part of others.
		}
		dir := filepath.Dir(path)
		if got := run(t, "", "diff", dir, dir, "--exit-code"); got.code != 0 || got.stdout != "no difference: the same would be applied\n" {
			t.Errorf("%s: exit code %d\n%s%s", dir, got.code, got.stdout, got.stderr)
		}
		mirrored(t, os.DevNull, dir)
		seen++
		return nil
	})
	if err != nil || seen < 5 {
		t.Fatalf("%d examples were compared: %v", seen, err)
	}
}
