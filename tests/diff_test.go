package tests

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// TestDiff compares the two builds of each archive of diff/: what is below both/ is in either, and what is below old/ and new/
// in one of them. Each archive says what it expects as text, and some as markdown or json too.
func TestDiff(t *testing.T) {
	paths, err := filepath.Glob("diff/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no comparisons: %v", err)
	}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		absolute, err := filepath.Abs(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { diffArchive(t, absolute, archive) })
	}
}

func diffArchive(t *testing.T, path string, archive *txtar.Archive) {
	inDirectory(t, sidesOf(archive))
	changed := false
	for i := range archive.Files {
		file := &archive.Files[i]
		if file.Name != "text" && file.Name != "markdown" && file.Name != "json" {
			continue
		}
		got := run(t, "", "diff", "old", "new", "--format", file.Name)
		shown := got.stdout + got.stderr
		if diff := cmp.Diff(string(file.Data), shown); diff != "" {
			if !*update {
				t.Errorf("%s is another one:\n%s", file.Name, diff)
			}
			file.Data, changed = []byte(shown), true
		}
	}
	if changed && *update {
		if err := os.WriteFile(path, txtar.Format(archive), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	mirrored(t, "old", "new")
}

// sidesOf are the files of both builds.
func sidesOf(archive *txtar.Archive) map[string]string {
	files := map[string]string{}
	for _, file := range archive.Files {
		if name, ok := strings.CutPrefix(file.Name, "both/"); ok {
			files["old/"+name], files["new/"+name] = string(file.Data), string(file.Data)
		}
	}
	for _, file := range archive.Files {
		if strings.HasPrefix(file.Name, "old/") || strings.HasPrefix(file.Name, "new/") {
			files[file.Name] = string(file.Data)
		}
	}
	return files
}
