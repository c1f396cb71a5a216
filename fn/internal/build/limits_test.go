package build

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// TestLimits bounds single files, everything that is read, and what kustomize reads again and again.
func TestLimits(t *testing.T) {
	small := limits{fileBytes: 1000, totalBytes: 5000, files: 20}
	tests := []struct {
		name, want string
		limits     limits
		archive    string
	}{
		{
			name: "file", want: "the file has more than", limits: small,
			archive: "-- kustomization.yaml --\nresources: [a.yaml]\n-- a.yaml --\n#" + strings.Repeat("x", 1000) + "\n",
		},
		{
			name: "data file", want: "the file has more than", limits: small,
			archive: "-- kustomization.yaml --\nconfigMapGenerator: [{name: a, files: [a.txt]}]\n-- a.txt --\n" + strings.Repeat("x", 1001) + "\n",
		},
		{
			name: "total", want: "the build reads more than", limits: small,
			archive: many(8, strings.Repeat("x", 900)),
		},
		{
			name: "files", want: "the build reads more than 20 files", limits: small,
			archive: many(21, ""),
		},
		{
			name: "doubling", want: "the build reads more than 300 files",
			limits:  limits{fileBytes: 1 << 20, totalBytes: 1 << 30, files: 300},
			archive: doubling(24),
		},
		{
			name: "doubling entries", want: "the build reads more than 300 files",
			limits:  limits{fileBytes: 1 << 20, totalBytes: 1 << 30, files: 300},
			archive: "-- kustomization.yaml --\ntransformers: [d]\n" + strings.ReplaceAll(doubling(24), "-- ", "-- d/"),
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			enter(t, txtar.Parse([]byte(test.archive)))
			result, findings, err := run(t.Context(), options(t, "."), test.limits)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(findings, func(f diag.Finding) bool {
				return f.Code == diag.TooLarge && strings.Contains(f.Message, test.want)
			}) {
				t.Errorf("findings: %s", text(t, result, findings))
			}
		})
	}
}

func many(files int, content string) string {
	var list, all strings.Builder
	for i := range files {
		fmt.Fprintf(&list, "- f%d.yaml\n", i)
		fmt.Fprintf(&all, "-- f%d.yaml --\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: f%d}\n#%s\n", i, i, content)
	}
	return "-- kustomization.yaml --\nresources:\n" + list.String() + all.String()
}

// doubling is a chain of bases in which every level builds the next one twice.
func doubling(levels int) string {
	var all strings.Builder
	all.WriteString("-- kustomization.yaml --\nresources: [l0/a, l0/b]\n")
	for i := range levels {
		for _, side := range []string{"a", "b"} {
			fmt.Fprintf(&all, "-- l%d/%s/kustomization.yaml --\nnamePrefix: %s-\nresources: [../../l%d/a, ../../l%d/b]\n",
				i, side, side, i+1, i+1)
		}
	}
	for _, side := range []string{"a", "b"} {
		fmt.Fprintf(&all, "-- l%d/%s/kustomization.yaml --\nnamePrefix: %s-\nresources: []\n", levels, side, side)
	}
	return all.String()
}

// TestAliasBombIsCheap measures what refusing a bomb costs.
func TestAliasBombIsCheap(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/refused/alias-bomb.txtar")
	if err != nil {
		t.Fatal(err)
	}
	w := enter(t, archive)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	w.build(t, ".")
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	if took > 2*time.Second {
		t.Errorf("took %v", took)
	}
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 64<<20 {
		t.Errorf("allocated %d MiB", allocated>>20)
	}
}

// TestBounded refuses texts that kustomize would cut into documents which a YAML parser does not see.
func TestBounded(t *testing.T) {
	for name, text := range map[string]string{
		"sequence":         growing("- "),
		"one line":         "[" + strings.ReplaceAll(growing(""), "\n", ", ") + "]",
		"inside a scalar":  "text\n---#\n" + growing("- "),
		"after an end":     "a: 1\n...\n%\n---\n" + growing("- "),
		"contains itself":  "a: &a\n  b: *a\n",
		"second document":  "a: 1\n---\n" + growing("- "),
		"many documents":   strings.Repeat("---\n"+growingTo(4, "- "), 100),
		"separator-like":   "a: 1\n---b: 2\n",
		"never closed":     "a: [\nb: 1\n",
		"windows newlines": "a: 1\r\n---\r\n" + strings.ReplaceAll(growing("- "), "\n", "\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			if err := new(plan).bounded([]byte(text)); err == nil {
				t.Errorf("accepted %.100q", text)
			}
		})
	}
	for _, text := range []string{
		"mesh.yaml", "../a&b/c", "", "a: &a {b: c}\nd: *a\n", "- op: remove\n  path: /a\n", "---\na: 1\n--- # note\nb: 2\n",
		strings.Repeat("- a\n", 200_000),
	} {
		if err := new(plan).bounded([]byte(text)); err != nil {
			t.Errorf("%.40q: %v", text, err)
		}
	}
}

// growing is a list of anchors, each ten times as large as the one before.
func growing(item string) string { return growingTo(8, item) }

func growingTo(levels int, item string) string {
	var all strings.Builder
	all.WriteString(item + "&a0 [x]\n")
	for i := range levels {
		fmt.Fprintf(&all, "%s&a%d [%s]\n", item, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), 10), ", "))
	}
	return all.String()
}
