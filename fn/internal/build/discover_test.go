package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

const ourMesh = "apiVersion: meshfn.dev/v1alpha1\nkind: Mesh\nmetadata: {name: shop}\n"

// TestDiscover looks from the directory app of a repository that is not all there is.
func TestDiscover(t *testing.T) {
	for name, one := range map[string]struct{ files, want string }{
		"a resource":                             {"-- repo/app/kustomization.yaml --\nresources: [a.yaml, mesh.yaml]\n-- repo/app/a.yaml --\nkind: A\n-- repo/app/mesh.yaml --\n" + ourMesh, "app/mesh.yaml"},
		"the second document":                    {"-- repo/app/kustomization.yml --\nresources: [a.yaml]\n-- repo/app/a.yaml --\nkind: A\n---\n" + ourMesh, "app/a.yaml"},
		"a base":                                 {"-- repo/app/Kustomization --\nresources: [../base]\n-- repo/base/kustomization.yaml --\nresources: [mesh.yaml]\n-- repo/base/mesh.yaml --\n" + ourMesh, "base/mesh.yaml"},
		"a component":                            {"-- repo/app/kustomization.yaml --\ncomponents: [../base]\n-- repo/base/kustomization.yaml --\ntransformers: [mesh.yaml]\n-- repo/base/mesh.yaml --\n" + ourMesh, "base/mesh.yaml"},
		"an inline entry":                        {"-- repo/app/kustomization.yaml --\ntransformers:\n- |-\n  apiVersion: meshfn.dev/v1alpha1\n  kind: MeshProfile\n", "app/kustomization.yaml"},
		"a foreign entry":                        {"-- repo/app/kustomization.yaml --\ntransformers:\n- |-\n  kind: A\n  metadata: {annotations: {config.kubernetes.io/function: 'container: {image: other}'}}\n", ""},
		"an annotation":                          {"-- repo/app/kustomization.yaml --\nresources: [a.yaml]\n-- repo/app/a.yaml --\nkind: A\nmetadata: {annotations: {config.kubernetes.io/function: 'container: {image: meshfn}'}}\n", ""},
		"only beside":                            {"-- repo/app/kustomization.yaml --\nresources: [a.yaml]\n-- repo/app/a.yaml --\nkind: A\n-- repo/app/mesh.yaml --\n" + ourMesh, ""},
		"only in a text":                         {"-- repo/app/kustomization.yaml --\nresources: [a.yaml]\n-- repo/app/a.yaml --\nkind: A\ndata: |\n  apiVersion: meshfn.dev/v1alpha1\n", ""},
		"no kustomization":                       {"-- repo/app/mesh.yaml --\n" + ourMesh, ""},
		"outside":                                {"-- repo/app/kustomization.yaml --\nresources: [../../other]\n-- other/kustomization.yaml --\nresources: [mesh.yaml]\n-- other/mesh.yaml --\n" + ourMesh, ""},
		"a link outside":                         {"-- repo/app/kustomization.yaml --\nresources: [mesh.yaml]\n-- repo/app/mesh.yaml --\nlink: ../../mesh.yaml\n-- mesh.yaml --\n" + ourMesh, ""},
		"a link to a directory":                  {"-- repo/app/kustomization.yaml --\nresources: [base]\n-- repo/app/base --\nlink: ../../other\n-- other/kustomization.yaml --\nresources: [mesh.yaml]\n-- other/mesh.yaml --\n" + ourMesh, ""},
		"a kustomization that is a link outside": {"-- repo/app/kustomization.yaml --\nlink: ../../kustomization.yaml\n-- kustomization.yaml --\nresources: [mesh.yaml]\n-- repo/app/mesh.yaml --\n" + ourMesh, ""},
		"a link inside":                          {"-- repo/app/kustomization.yaml --\nresources: [base]\n-- repo/app/base --\nlink: ../base\n-- repo/base/kustomization.yaml --\nresources: [mesh.yaml]\n-- repo/base/mesh.yaml --\n" + ourMesh, "base/mesh.yaml"},
		"a loop":                                 {"-- repo/app/kustomization.yaml --\nresources: [../app, loop]\n-- repo/app/loop --\nlink: loop\n", ""},
		"a server":                               {"-- repo/app/kustomization.yaml --\nresources: ['http://SERVER/x', 'git::http://SERVER/x', '.']\n", ""},
		"of git":                                 {"-- repo/app/kustomization.yaml --\nresources: [../.git/mesh.yaml, ../.git/base, token]\n-- repo/app/token --\nlink: ../.git/mesh.yaml\n-- repo/.git/mesh.yaml --\n" + ourMesh + "-- repo/.git/base/kustomization.yaml --\nresources: [../mesh.yaml]\n", ""},
		"bombs":                                  {"-- repo/app/kustomization.yaml --\nresources: [a.yaml]\n-- repo/app/a.yaml --\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f,*f]\n", ""},
		"not YAML":                               {"-- repo/app/kustomization.yaml --\nresources: [mesh.yaml]\n-- repo/app/mesh.yaml --\n" + ourMesh + "spec: {\n", "app/mesh.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			w := enter(t, txtar.Parse([]byte(one.files)))
			got, err := Discover(t.Context(), "repo/app", "repo")
			if err != nil || got != one.want {
				t.Errorf("got %q, %v; want %q", got, err, one.want)
			}
			if traces := w.traces(t); traces != "" {
				t.Errorf("it did more than read:\n%s", traces)
			}
		})
	}
}

// TestDiscoverIsBounded holds that no repository makes the search long or dangerous.
func TestDiscoverIsBounded(t *testing.T) {
	t.Chdir(t.TempDir())
	var listed strings.Builder
	for i := range discoverLimits().files + 10 {
		name := fmt.Sprintf("%d.yaml", i)
		write(t, filepath.Join("many", name), "kind: A\n", 0o644)
		listed.WriteString("- " + name + "\n")
	}
	write(t, "many/kustomization.yaml", "resources:\n"+listed.String()+"- mesh.yaml\n", 0o644)
	write(t, "many/mesh.yaml", ourMesh, 0o644)
	if found, err := Discover(t.Context(), "many", "many"); found != "" || !errors.Is(err, errTooLarge) {
		t.Errorf("many files: %q, %v", found, err)
	}
	write(t, "large/kustomization.yaml", "resources: [large.yaml, mesh.yaml]\n", 0o644)
	write(t, "large/large.yaml", strings.Repeat("# x\n", int(discoverLimits().fileBytes)/4+1), 0o644)
	write(t, "large/mesh.yaml", ourMesh, 0o644)
	if found, err := Discover(t.Context(), "large", "large"); found != "mesh.yaml" || err != nil {
		t.Errorf("a large file is passed over: %q, %v", found, err)
	}
	write(t, "pipe/kustomization.yaml", "resources: [pipe.yaml]\n", 0o644)
	if err := syscall.Mkfifo("pipe/pipe.yaml", 0o600); err != nil {
		t.Fatal(err)
	}
	if found, err := Discover(t.Context(), "pipe", "pipe"); found != "" || err != nil {
		t.Errorf("a pipe: %q, %v", found, err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if found, err := Discover(over, "large", "large"); found != "" || !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %q, %v", found, err)
	}
}

// TestBelow lists what can be proposed as an overlay.
func TestBelow(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, path := range []string{"kustomization.yaml", "b/kustomization.yml", "a/x/Kustomization", ".git/kustomization.yaml", "1/2/3/4/5/6/kustomization.yaml", "new\nline/kustomization.yaml"} {
		write(t, path, "resources: [x.yaml]\n", 0o644)
	}
	write(t, "part/kustomization.yaml", "kind: Component\n", 0o644)
	link(t, "linked", "b")
	if err := os.Mkdir("c", 0o755); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a/x", "b"}, Below(t.Context(), ".")); diff != "" {
		t.Errorf("(- want, + got):\n%s", diff)
	}
	for i := range maxBelowFound + 5 {
		write(t, fmt.Sprintf("d/%d/kustomization.yaml", i), "resources: [x.yaml]\n", 0o644)
	}
	if got := Below(t.Context(), "."); len(got) != maxBelowFound {
		t.Errorf("%d are listed", len(got))
	}
}
