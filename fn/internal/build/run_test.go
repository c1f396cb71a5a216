package build

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

const mesh = `
-- web.yaml --
apiVersion: v1
kind: Service
metadata:
  name: web
-- mesh.yaml --
apiVersion: meshfn.dev/v1alpha1
kind: Mesh
metadata:
  name: shop
  annotations:
    config.kubernetes.io/function: |
      FUNCTION
spec: {test: TEST}
`

// tree is an archive with a Service and a Mesh whose annotation and behaviour can be chosen.
func tree(function, test string) *txtar.Archive {
	text := "-- kustomization.yaml --\nresources: [web.yaml]\ntransformers: [mesh.yaml]" + mesh
	return txtar.Parse([]byte(strings.NewReplacer("FUNCTION", function, "TEST", test).Replace(text)))
}

// TestOurs accepts meshfn under every name that users give it, and runs this program instead.
func TestOurs(t *testing.T) {
	for _, function := range []string{
		"container: {image: meshfn}",
		"container: {image: ghcr.io/meshfn/meshfn:v1}",
		"container: {image: registry.corp:5000/mirror/meshfn}",
		"container: {image: registry.corp/mirror/meshfn@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef}",
		"container: {image: ghcr.io/meshfn/meshfn:v1.2.3@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef}",
		"exec: {path: ./bin/meshfn}",
		"exec: {path: ./does/not/exist/meshfn, args: [function]}",
		`exec: {path: 'C:\tools\meshfn.exe'}`,
		"{container: {image: meshfn}, exec: {path: meshfn}, deferFailure: true}",
	} {
		t.Run(function, func(t *testing.T) {
			result, findings := enter(t, tree(function, "identity")).build(t, ".")
			if len(findings) > 0 {
				t.Fatal(text(t, result, findings))
			}
			if len(result.Reports) != 1 || message(t, result.Reports[0]) != "Mesh/shop: 1 items" {
				t.Errorf("reports: %q", result.Reports)
			}
		})
	}
}

// TestNotOurs refuses images and executables that only look like meshfn.
func TestNotOurs(t *testing.T) {
	for _, function := range []string{
		"container: {image: evil/meshfn-tools}",
		"container: {image: meshfn/evil:meshfn}",
		"container: {image: evil@meshfn}",
		"container: {image: evil:meshfn}",
		"container: {image: meshfn/}",
		"exec: {path: meshfn/../tool}",
		"exec: {path: sh, args: [-c, meshfn]}",
		"exec: {path: meshfn.sh}",
		"exec: {path: meshfn.bat}",
	} {
		t.Run(function, func(t *testing.T) {
			archive := tree(function, "identity")
			result, findings := enter(t, archive).build(t, ".")
			if len(findings) != 1 || findings[0].Code != diag.ForeignFunction || result.YAML != nil {
				t.Errorf("findings: %s\noutput: %s", text(t, result, findings), result.YAML)
			}
		})
	}
}

// TestFailureIsInTheReport leaves the word to the report when the function itself found an error.
func TestFailureIsInTheReport(t *testing.T) {
	result, findings := enter(t, tree("container: {image: meshfn}", "fail")).build(t, ".")
	if len(findings) > 0 || result.YAML != nil {
		t.Errorf("findings: %s\noutput: %s", text(t, result, findings), result.YAML)
	}
	if len(result.Reports) != 1 || message(t, result.Reports[0]) != "Mesh/shop: 1 items" {
		t.Errorf("reports: %q", result.Reports)
	}
}

// TestDocs finds the documents of meshfn wherever they are, and names their files as the user would.
func TestDocs(t *testing.T) {
	archive := txtar.Parse([]byte(`
-- app/kustomization.yaml --
resources: [../base, mesh.yaml]
transformers: [entry]
-- app/mesh.yaml --
# A comment.
apiVersion: v1
kind: Service
metadata: {name: web}
---
apiVersion: meshfn.dev/v1alpha1
kind: Mesh
metadata: {name: shop, annotations: {config.kubernetes.io/local-config: "true"}}
-- app/entry/kustomization.yaml --
resources: [profile.yaml]
-- app/entry/profile.yaml --
apiVersion: meshfn.dev/v1alpha1
kind: MeshProfile
metadata: {name: profile}
-- base/kustomization.yaml --
resources: [catalog.yaml]
patches: [{path: patch.yaml}]
-- base/catalog.yaml --
apiVersion: meshfn.dev/v1alpha1
kind: MeshCatalog
metadata: {name: catalog, annotations: {config.kubernetes.io/local-config: "true"}}
-- base/patch.yaml --
apiVersion: meshfn.dev/v1alpha1
kind: MeshCatalog
metadata: {name: catalog, labels: {a: b}}
-- link --
link: app
`))
	type place struct {
		File        string
		Index, Line int
	}
	for dir, files := range map[string][]string{
		"app":   {"app/entry/profile.yaml", "app/mesh.yaml", "base/catalog.yaml"},
		"./app": {"app/entry/profile.yaml", "app/mesh.yaml", "base/catalog.yaml"},
		"link":  {"ABS/base/catalog.yaml", "link/entry/profile.yaml", "link/mesh.yaml"},
		"ABS":   {"ABS/app/entry/profile.yaml", "ABS/app/mesh.yaml", "ABS/base/catalog.yaml"},
	} {
		t.Run(dir, func(t *testing.T) {
			w := enter(t, archive)
			here, err := filepath.Abs(".")
			if err != nil {
				t.Fatal(err)
			}
			absolute := func(path string) string { return strings.ReplaceAll(path, "ABS", here) }
			if dir == "ABS" {
				dir = "ABS/app"
			}
			result, findings := w.build(t, absolute(dir))
			if len(findings) > 0 {
				t.Fatal(text(t, result, findings))
			}
			var got, want []place
			for _, doc := range result.Docs {
				got = append(got, place{doc.File, doc.Index, doc.Line})
				if !strings.Contains(string(result.Read[doc.File]), string(doc.Raw)) {
					t.Errorf("document of %s is not in its text", doc.File)
				}
			}
			for _, file := range files {
				p := place{File: absolute(file), Line: 1}
				if strings.HasSuffix(file, "/mesh.yaml") {
					p.Index, p.Line = 1, 6
				}
				want = append(want, p)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("documents (-want +got):\n%s", diff)
			}
		})
	}
}

// TestNamedPipe must not wait for somebody to write into the pipe.
func TestNamedPipe(t *testing.T) {
	w := enter(t, txtar.Parse([]byte("-- kustomization.yaml --\nresources: [pipe]\nconfigMapGenerator: [{name: a, files: [pipe]}]\n")))
	if err := syscall.Mkfifo("pipe", 0o644); err != nil {
		t.Fatal(err)
	}
	_, findings := w.build(t, ".")
	if len(findings) != 2 || !strings.Contains(findings[0].Message, "a named pipe") {
		t.Errorf("findings: %v", findings)
	}
}

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
			name: "doubling", want: "the build reads more than 2000 files",
			limits:  limits{fileBytes: 1 << 20, totalBytes: 1 << 30, files: 2000},
			archive: doubling(24),
		},
		{
			name: "doubling entries", want: "the build reads more than 2000 files",
			limits:  limits{fileBytes: 1 << 20, totalBytes: 1 << 30, files: 2000},
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
		"separator-like":   "a: 1\n---b: 2\n",
		"never closed":     "a: [\nb: 1\n",
		"windows newlines": "a: 1\r\n---\r\n" + strings.ReplaceAll(growing("- "), "\n", "\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			if err := bounded([]byte(text)); err == nil {
				t.Errorf("accepted %q", text)
			}
		})
	}
	for _, text := range []string{
		"mesh.yaml", "../a&b/c", "", "a: &a {b: c}\nd: *a\n", "- op: remove\n  path: /a\n", "---\na: 1\n--- # note\nb: 2\n",
		strings.Repeat("- a\n", 200_000),
	} {
		if err := bounded([]byte(text)); err != nil {
			t.Errorf("%.40q: %v", text, err)
		}
	}
}

// growing is a list of anchors, each ten times as large as the one before.
func growing(item string) string {
	var all strings.Builder
	all.WriteString(item + "&a0 [x]\n")
	for i := range 8 {
		fmt.Fprintf(&all, "%s&a%d [%s]\n", item, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), 10), ", "))
	}
	return all.String()
}

// TestCouldNotRun is about calls that no repository can cause.
func TestCouldNotRun(t *testing.T) {
	enter(t, tree("container: {image: meshfn}", "identity"))
	cancelled, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("enough")
	cancel(cause)
	if _, _, err := Run(cancelled, options(t, ".")); !errors.Is(err, cause) {
		t.Errorf("cancelled: %v", err)
	}
	relative := options(t, ".")
	relative.Self = "meshfn"
	if _, _, err := Run(t.Context(), relative); err == nil {
		t.Error("a program that would be looked up was accepted")
	}
	silent := options(t, ".")
	silent.SelfArgs = []string{"function"}
	if _, _, err := Run(t.Context(), silent); err == nil {
		t.Error("arguments without a report were accepted")
	}
}
