package hosts

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// containerFlags let kustomize run containers; execFlags also programs.
var (
	containerFlags = []string{"build", "--enable-alpha-plugins"}
	execFlags      = []string{"build", "--enable-alpha-plugins", "--enable-exec"}
)

// TestExamples builds every example with the container and compares it with meshfn build.
func TestExamples(t *testing.T) {
	root := filepath.Join(repository, "examples")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() != "expected.yaml" {
			return err
		}
		name, err := filepath.Rel(root, filepath.Dir(path))
		t.Run(name, func(t *testing.T) { equal(t, root, name, true) })
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestLayouts builds each layout of layouts/ in every way: its comment says what it shows, and out.yaml is what all ways
// have to give. The directory to build is called build.
func TestLayouts(t *testing.T) {
	paths, err := filepath.Glob("layouts/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no layouts: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { layout(t, path) })
	}
}

func layout(t *testing.T, path string) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	dir := unpack(t, archive)
	if _, err := os.Stat(filepath.Join(dir, "platform")); err == nil {
		commit(t, filepath.Join(dir, "platform"), "v3")
	}
	got := equal(t, dir, "build", !strings.Contains(string(archive.Comment), "no-kubectl"))
	for i := range archive.Files {
		if archive.Files[i].Name != "out.yaml" {
			continue
		}
		if *update {
			archive.Files[i].Data = []byte(got)
			if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		} else if diff := cmp.Diff(string(archive.Files[i].Data), got); diff != "" {
			t.Errorf("(- out.yaml, + got; go test -update rewrites it):\n%s", diff)
		}
	}
}

// equal builds a directory with the container, with the program and with meshfn itself. All must give the same bytes.
func equal(t *testing.T, root, name string, kubectl bool) string {
	t.Helper()
	want := run(t, root, "kustomize", append(containerFlags, name)...).must(t)
	ours := run(t, root, "meshfn", "build", "--allow-remote", name)
	if diff := cmp.Diff(want, ours.must(t)); diff != "" {
		t.Errorf("meshfn build differs (- kustomize with the container, + meshfn build):\n%s", diff)
	}
	if kubectl {
		if diff := cmp.Diff(want, run(t, root, "kubectl", "kustomize", "--enable-alpha-plugins", name).must(t)); diff != "" {
			t.Errorf("kubectl kustomize differs (- kustomize, + kubectl):\n%s", diff)
		}
	}
	executable := asExecutable(t, root)
	if diff := cmp.Diff(want, run(t, executable, "kustomize", append(execFlags, name)...).must(t)); diff != "" {
		t.Errorf("the executable differs (- container, + exec):\n%s", diff)
	}
	return want
}

// asExecutable is a copy of a tree in which the function is a program instead of a container.
func asExecutable(t *testing.T, root string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(root)); err != nil {
		t.Fatal(err)
	}
	replaceImage(t, dir, root)
	if _, err := os.Stat(filepath.Join(dir, "platform", ".git")); err == nil {
		run(t, filepath.Join(dir, "platform"), "git", "tag", "--delete", "v3").must(t)
		commit(t, filepath.Join(dir, "platform"), "v3")
	}
	return dir
}

func replaceImage(t *testing.T, dir, root string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.Contains(path, "/.git/") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		changed := strings.ReplaceAll(string(text), "container:", "exec:")
		changed = strings.ReplaceAll(changed, "image: ghcr.io/meshfn/meshfn:v0.1", "path: "+filepath.Join(tools, "bin", "meshfn"))
		changed = strings.ReplaceAll(changed, root, dir)
		if changed == string(text) {
			return nil
		}
		return os.WriteFile(path, []byte(changed), 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestPublishedNames holds that the layout uses the configuration as it is published.
func TestPublishedNames(t *testing.T) {
	published, err := os.ReadFile(filepath.Join(repository, "schemas", "kustomize-namereference.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	archive, err := txtar.ParseFile("layouts/names_above.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range archive.Files {
		if strings.HasSuffix(file.Name, "names.yaml") && string(file.Data) != string(published) {
			t.Error("layouts/names_above.txtar has another configuration than schemas/kustomize-namereference.yaml")
		}
	}
	component, err := os.ReadFile(filepath.Join(repository, "examples", "platform", "mesh-component", "names.yaml"))
	if err != nil || string(component) != string(published) {
		t.Errorf("examples/platform/mesh-component has another configuration: %v", err)
	}
}
