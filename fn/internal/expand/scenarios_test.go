package expand

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/meshfn/meshfn/fn/internal/item"
)

// eachScenario expands every scenario that has no errors.
func eachScenario(t *testing.T, test func(t *testing.T, out *Output)) {
	t.Helper()
	paths, err := filepath.Glob("../../../tests/scenarios/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var items []*item.Item
		for _, file := range archive.Files {
			if !strings.HasPrefix(file.Name, "out/") {
				found, _ := item.Stream(file.Name, file.Data)
				items = append(items, found...)
			}
		}
		out, findings, err := Run(Input{Items: items})
		if err != nil {
			t.Fatal(err)
		}
		if out.Plan != nil && !findings.HasErrors() {
			t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { test(t, out) })
		}
	}
}
