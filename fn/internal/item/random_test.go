package item

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRandomDocuments puts documents together from the pieces that YAML is made of. Most are nonsense; those that are
// valid combine features in ways that nobody would write down.
func TestRandomDocuments(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	readable := 0
	for range 30_000 {
		raw := randomDocument(random)
		if New([]byte(raw), Place{}).Check() != nil {
			continue
		}
		readable++
		compareWithParser(t, []byte(raw))
		throughList(t, raw)
		setAndRemove(t, []byte(raw), randomPath(random), pick(random, "web", "true", "", "a: b", "x\ny"))
		if t.Failed() {
			t.Fatalf("document:\n%s\n%q", raw, raw)
		}
	}
	if readable < 3_000 {
		t.Errorf("only %d documents were readable", readable)
	}
}

// throughList sends a document through a ResourceList, twice.
func throughList(t *testing.T, raw string) {
	t.Helper()
	root, err := New([]byte(raw), Place{}).Node()
	if err != nil {
		t.Fatal(err)
	}
	l := parseList(t, "kind: ResourceList\n")
	out := writeList(t, l, []*Item{New([]byte(raw), Place{}), New([]byte(raw), Place{})}, "")
	l = parseList(t, out)
	if len(l.Items) != 2 {
		t.Fatalf("%d items in\n%s", len(l.Items), out)
	}
	for _, i := range l.Items {
		if read, err := i.Node(); err != nil || !equal(read, root) {
			t.Errorf("%v: changed by the list\n%s", err, out)
		}
	}
	if l.came != nil {
		if again := writeList(t, l, l.Items, ""); again != out {
			t.Errorf("written again (-want +got):\n%s", cmp.Diff(out, again))
		}
	}
}

func pick(random *rand.Rand, from ...string) string { return from[random.IntN(len(from))] }

func randomPath(random *rand.Rand) []string {
	var path []string
	for range 1 + random.IntN(3) {
		path = append(path, pick(random, "a", "b", "c", "kind", "e/f"))
	}
	return path
}

// randomDocument writes lines of a few shapes. The indentation mostly follows from the line before.
func randomDocument(random *rand.Rand) string {
	lineBreak := pick(random, "\n", "\n", "\n", "\n", "\n", "\r\n")
	base := 2 * random.IntN(2)
	indent := base
	var b strings.Builder
	for range 1 + random.IntN(8) {
		if random.IntN(3) == 0 {
			indent = base + 2*random.IntN(4)
		}
		shape := random.IntN(12)
		b.WriteString(strings.Repeat(" ", max(0, indent-random.IntN(20)/19)))
		switch shape {
		case 0:
			b.WriteString(pick(random, "", "# it's [", "#", `"`, "'", "]", "} # x", "text", `b"`, "\t"))
		case 1, 2:
			b.WriteString(strings.Repeat("- ", 1+random.IntN(2)) + pick(random, "a: ", "", "? ") + randomValue(random))
		default:
			b.WriteString(randomKey(random) + randomValue(random))
		}
		b.WriteString(pick(random, "", "", "", "", " # c", "  ") + lineBreak)
		if shape > 6 {
			indent += 2
		}
	}
	out := b.String()
	if random.IntN(4) == 0 {
		out = strings.TrimSuffix(out, lineBreak)
	}
	return out
}

func randomKey(random *rand.Rand) string {
	return pick(random, "a", "b", "c", "kind", "e/f", "a", "b", "c", "kind", "<<", `"a"`, "'b'", "&x a", "*x ", "? a\n", "a ", "!t a") +
		pick(random, ":", ": ", ": ", ": ", ":  ")
}

func randomValue(random *rand.Rand) string {
	return pick(random, "", "", "", "", "", "x", "x y", "null", "~", "1", "true", `"q"`, `"q`, `'it''s'`, "'q", "{}", "[]", "{a: b}",
		"{a: {b: c}, kind: [d]}", `{"a": "b"}`, "{a: b,", "[a, b", "{a, b: }", "|", ">-", "|+", "|2", "| # c", "&x", "&x y", "*x",
		"&x {a: b}", "!!str", "!!str z", "!t", "it's", "a#b", "- a", "&y |", "[*x]", "{<<: *x}", "{ a: b }", "\"\\\"\"")
}
