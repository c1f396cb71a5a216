package tests

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestProperties holds what is true of every input: running twice gives the same bytes, the order of the documents does
// not change what is generated, and running over the own output changes nothing.
func TestProperties(t *testing.T) { eachScenario(t, properties) }

func properties(t *testing.T, inputs map[string]string) {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(inputs)) {
		all = append(all, documents(inputs[name])...)
	}
	stream := strings.Join(all, "---\n")
	first, second := run(t, stream, "render", "-"), run(t, stream, "render", "-")
	if diff := cmp.Diff(first.stdout+first.stderr, second.stdout+second.stderr); diff != "" {
		t.Errorf("two runs differ:\n%s", diff)
	}
	if first.code != 0 {
		return
	}
	shuffle(t, all, first.stdout)
	again(t, all, first.stdout)
}

func shuffle(t *testing.T, all []string, want string) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 3 {
		mixed := slices.Clone(all)
		random.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		got := run(t, strings.Join(mixed, "---\n"), "render", "-")
		if diff := cmp.Diff(sorted(want), sorted(got.stdout)); diff != "" {
			t.Errorf("another order of the input gives other output:\n%s", diff)
		}
	}
}

func sorted(stream string) string {
	all := documents(stream)
	slices.Sort(all)
	return strings.Join(all, "---\n")
}

// again feeds the output back in, together with our own documents, which do not leave.
func again(t *testing.T, all []string, output string) {
	stream := output
	for _, document := range all {
		if strings.Contains(document, "apiVersion: meshfn.dev/") {
			stream += "---\n" + document
		}
	}
	got := run(t, stream, "render", "-")
	if diff := cmp.Diff(output, got.stdout); diff != "" || got.code != 0 {
		t.Errorf("expanding the own output changes it (exit code %d, %s):\n%s", got.code, got.stderr, diff)
	}
}
