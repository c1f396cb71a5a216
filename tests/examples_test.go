package tests

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestExamples builds every example that has an expected.yaml beside its outermost kustomization.
func TestExamples(t *testing.T) {
	root, err := filepath.Abs("../examples")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() != "expected.yaml" {
			return err
		}
		count++
		dir, err := filepath.Rel(root, filepath.Dir(path))
		t.Run(dir, func(t *testing.T) { example(t, filepath.Dir(path)) })
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if count < 4 {
		t.Errorf("only %d examples were found", count)
	}
}

func example(t *testing.T, dir string) {
	got := run(t, "", "build", dir)
	if got.code != 0 || got.stderr != "" {
		t.Fatalf("exit code %d:\n%s", got.code, got.stderr)
	}
	if strings.Contains(got.stdout, "meshfn.dev/v1alpha1") {
		t.Error("our own documents are in the output")
	}
	expected := filepath.Join(dir, "expected.yaml")
	if *update {
		if err := os.WriteFile(expected, []byte(got.stdout), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(expected)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.stdout); diff != "" {
		t.Errorf("(- expected.yaml, + got; make golden rewrites it):\n%s", diff)
	}
	if second := run(t, "", "build", dir); second.stdout != got.stdout {
		t.Error("two builds differ")
	}
}
