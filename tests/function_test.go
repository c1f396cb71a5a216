package tests

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFunctionTwice hands each scenario over as a ResourceList, and the function's output to the function again, as a host
// does that keeps what was generated. The second run changes nothing.
func TestFunctionTwice(t *testing.T) {
	eachScenario(t, func(t *testing.T, inputs map[string]string) {
		list := resourceList(inputs)
		first := run(t, list)
		if first.code == 1 {
			unchanged(t, list, first.stdout)
			return
		}
		second := run(t, first.stdout)
		// A finding about the change itself, such as a Job's template, is gone once the change is made.
		if diff := cmp.Diff(withoutResults(first.stdout), withoutResults(second.stdout)); diff != "" || second.code != 0 {
			t.Errorf("the second run changes its input (exit code %d, %s):\n%s", second.code, second.stderr, diff)
		}
	})
}

// unchanged holds that with an error the items leave as they came.
func unchanged(t *testing.T, list, got string) {
	t.Helper()
	if diff := cmp.Diff(withoutResults(list), withoutResults(got)); diff != "" {
		t.Errorf("with an error the items changed:\n%s", diff)
	}
}

func withoutResults(list string) string {
	items, _, _ := strings.Cut(list, "\nresults:\n")
	return strings.TrimSpace(items)
}

func resourceList(inputs map[string]string) string {
	var b strings.Builder
	b.WriteString("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n")
	for _, name := range slices.Sorted(maps.Keys(inputs)) {
		for _, document := range documents(inputs[name]) {
			b.WriteString("- " + strings.ReplaceAll(strings.TrimSuffix(document, "\n"), "\n", "\n  ") + "\n")
		}
	}
	return b.String()
}
