package tests

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestExamplesCatalogued writes one catalogue of the applications of a platform, as it is checked in, and builds each of them
// with it: nothing in it is news to them, and nothing they write changes.
func TestExamplesCatalogued(t *testing.T) {
	applications := []string{"shop", "billing", "stock/us"}
	args := []string{"catalog", "--name", "platform"}
	for _, application := range applications {
		args = append(args, filepath.Join("../examples/platform", application))
	}
	got := run(t, "", args...)
	if got.code != 0 || got.stderr != "" {
		t.Fatalf("exit code %d:\n%s", got.code, got.stderr)
	}
	const path = "../examples/platform/catalog/catalog.yaml"
	if *update {
		if err := os.WriteFile(path, []byte(got.stdout), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.stdout); diff != "" {
		t.Errorf("(- %s, + got; make golden rewrites it):\n%s", path, diff)
	}
	if again := run(t, "", "catalog", path, "--name", "platform"); again.stdout != got.stdout {
		t.Errorf("read and written again it is\n%s%s", again.stdout, again.stderr)
	}
	for _, application := range applications {
		t.Run(application, func(t *testing.T) { silentWithCatalog(t, application) })
	}
}

func silentWithCatalog(t *testing.T, application string) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../examples/platform")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil { // One repository holds them all.
		t.Fatal(err)
	}
	kustomization := filepath.Join(dir, application, "kustomization.yaml")
	text, err := os.ReadFile(kustomization)
	if err != nil {
		t.Fatal(err)
	}
	up := strings.Repeat("../", strings.Count(application, "/")+1)
	with := strings.Replace(string(text), "resources:\n", "resources:\n- "+up+"catalog\n", 1)
	if err := os.WriteFile(kustomization, []byte(with), 0o644); err != nil {
		t.Fatal(err)
	}
	got := run(t, "", "build", filepath.Join(dir, application))
	want, err := os.ReadFile(filepath.Join("../examples/platform", application, "expected.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if got.code != 0 || got.stderr != "" {
		t.Errorf("exit code %d:\n%s", got.code, got.stderr)
	}
	if diff := cmp.Diff(string(want), got.stdout); diff != "" {
		t.Errorf("the catalogue changes what is written:\n%s", diff)
	}
}
