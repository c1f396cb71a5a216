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
			if findings.HasErrors() {
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
	result, findings := enter(t, tree("container: {image: 'meshfn:v1'}", "fail")).build(t, ".")
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
metadata: {name: profile, annotations: {config.kubernetes.io/function: "container: {image: 'meshfn:v1'}"}}
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

// TestElsewhere says when kustomize itself would run another meshfn for an entry, or none.
func TestElsewhere(t *testing.T) {
	for _, test := range []struct{ version, function, want string }{
		{"v1.2.3", "container: {image: 'corp/meshfn:v1.2.3'}", ""},
		{"v1.2.3", "container: {image: 'corp/meshfn:1.2'}", ""},
		{"v1.2.3", "container: {image: 'corp/meshfn:v1'}", ""},
		{"v1.2.3", "container: {image: 'corp:5000/meshfn:stable'}", ""},
		{"v1.2.3", "container: {image: 'corp/meshfn@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'}", ""},
		{"v1.2.3", "exec: {path: /usr/local/bin/meshfn}", ""},
		{"v1.2.3-0.20261101-abc", "container: {image: 'corp/meshfn:v1.1'}", ""},
		{"", "container: {image: 'corp/meshfn:v1.1'}", ""},
		{"v1.2.3", "container: {image: 'corp/meshfn:v1.20'}", `warning: image "corp/meshfn:v1.20" is another version than this program, which is v1.2.3`},
		{"v1.2.3", "container: {image: 'corp/meshfn:v1.1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'}", "try: build with meshfn v1.1, or name the version of this program: image: corp/meshfn:v1.2.3"},
		{"v1.2.3", "container: {image: 'corp:5000/meshfn'}", "try: image: corp:5000/meshfn:v1.2.3"},
		{"", "container: {image: 'corp/meshfn:latest'}", `info: image "corp/meshfn:latest" names no version: kustomize runs whichever is newest`},
	} {
		t.Run(test.version+" "+test.function, func(t *testing.T) {
			enter(t, tree(test.function, "identity"))
			o := options(t, ".")
			o.Version = test.version
			result, findings, err := Run(t.Context(), o)
			if err != nil || result.YAML == nil {
				t.Fatalf("%v\n%s", err, text(t, result, findings))
			}
			if said := text(t, result, findings); !strings.Contains(said, test.want) || test.want == "" && said != "" {
				t.Errorf("said:\n%s\nwant: %s", said, test.want)
			}
		})
	}
}
