package build

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

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
				want = append(want, place{File: absolute(file), Line: 1})
				if strings.HasSuffix(file, "/mesh.yaml") {
					want = append(want, place{File: absolute(file), Index: 1, Line: 6})
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("documents (-want +got):\n%s", diff)
			}
		})
	}
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
