package objects

import (
	"strings"
	"testing"

	"github.com/meshfn/meshfn/fn/internal/compare/side"
	"github.com/meshfn/meshfn/fn/internal/item"
)

func sideOf(t *testing.T, stream string) *side.Side {
	t.Helper()
	items, findings := item.Stream("", []byte(stream))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	return &side.Side{Objects: items}
}

// TestSameObject holds what makes an object the same one, and what counts as a change of it.
func TestSameObject(t *testing.T) {
	const rule = "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a, namespace: ns}\nspec: {host: a}\n"
	const job = "apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: load-, namespace: ns}\nspec: {x: %}\n"
	tests := map[string]struct{ from, to, want string }{
		"the same":         {rule, rule, ""},
		"written anew":     {rule, "# new\nkind: \"DestinationRule\"\napiVersion: networking.istio.io/v1\nspec:\n  host: a\nmetadata: {namespace: ns, name: a}\n", "rewritten"},
		"a version":        {rule, strings.Replace(rule, "/v1", "/v1beta1", 1), "changed +1 -1"},
		"another group":    {rule, strings.Replace(rule, "networking.istio.io", "networking.example.com", 1), "added +7 -0, removed +0 -7"},
		"another place":    {rule, strings.Replace(rule, "namespace: ns", "namespace: other", 1), "added +7 -0, removed +0 -7"},
		"names to be made": {strings.ReplaceAll(job, "%", "1") + "---\n" + strings.ReplaceAll(job, "%", "2"), strings.ReplaceAll(job, "%", "2") + "---\n" + strings.ReplaceAll(job, "%", "3"), "changed +1 -1"},
	}
	for name, test := range tests {
		differ, rewritten := Of(sideOf(t, test.from), sideOf(t, test.to))
		var got []string
		for _, object := range differ {
			got = append(got, object.What+" +"+digit(object.Lines.Added)+" -"+digit(object.Lines.Removed))
		}
		for range rewritten {
			got = append(got, "rewritten")
		}
		if all := strings.Join(got, ", "); !sameWords(all, test.want) {
			t.Errorf("%s: %s, want %s", name, all, test.want)
		}
	}
}

func digit(n int) string { return string(rune('0' + n)) }

func sameWords(a, b string) bool {
	left, right := strings.Split(a, ", "), strings.Split(b, ", ")
	return len(left) == len(right) && strings.Contains(b, left[0]) && strings.Contains(b, left[len(left)-1])
}

// TestSecretsStayHidden holds that no value of a Secret is shown, and that a change of one is.
func TestSecretsStayHidden(t *testing.T) {
	const secret = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  annotations: {kubectl.kubernetes.io/last-applied-configuration: hunter2, team: shop}\n" +
		"data: {same: aHVudGVy, changes: aHVudGVyMg==}\nstringData: {other: hunter2}\n"
	from, to := sideOf(t, secret), sideOf(t, strings.ReplaceAll(secret, "aHVudGVyMg==", "c2VjcmV0"))
	for _, sides := range [][2]*side.Side{{from, to}, {to, from}, {from, {}}, {{}, to}} {
		differ, _ := Of(sides[0], sides[1])
		if len(differ) != 1 {
			t.Fatalf("%d objects differ", len(differ))
		}
		for _, word := range []string{"hunter2", "aHVudGVy", "c2VjcmV0"} {
			if strings.Contains(differ[0].Diff, word) {
				t.Errorf("the diff shows %s:\n%s", word, differ[0].Diff)
			}
		}
		if !strings.Contains(differ[0].Diff, "changes: hidden") {
			t.Errorf("the diff does not show that a value changes:\n%s", differ[0].Diff)
		}
	}
}
