package tests

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEveryCodeIsShown holds that each kind of finding is produced by some test input, so that its text was reviewed.
func TestEveryCodeIsShown(t *testing.T) {
	paths, err := filepath.Glob("../fn/internal/diag/codes_*.go")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no catalogue: %v", err)
	}
	catalogue := ""
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		catalogue += string(text)
	}
	shown := textOf(t, ".", "../fn/internal/build")
	for _, match := range regexp.MustCompile(`(\w+)\s+Code = "(MF\d{4})"`).FindAllStringSubmatch(catalogue, -1) {
		if name, code := match[1], match[2]; !strings.Contains(shown, code) && !strings.Contains(shown, "diag."+name) {
			t.Errorf("%s (%s) is produced by no test", code, name)
		}
	}
}

// textOf is the text of all tests and their data below some directories.
func textOf(t *testing.T, dirs ...string) string {
	t.Helper()
	var b strings.Builder
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			b.Write(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}
