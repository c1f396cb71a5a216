package main

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReferenceIsCurrent holds that docs/findings.md says what the catalogue and the tests say.
func TestReferenceIsCurrent(t *testing.T) {
	t.Chdir("../../../..")
	want, err := reference()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("docs/findings.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("run go generate ./fn/internal/diag (- wanted, + is there):\n%s", diff)
	}
}
