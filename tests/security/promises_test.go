package security

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPromises holds that every promise of SECURITY.md names tests that there are.
func TestPromises(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(repository, "SECURITY.md"))
	if err != nil {
		t.Fatal(err)
	}
	promises := 0
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) != 4 || strings.Contains(cells[1], "---") || strings.Contains(cells[2], "held by") {
			continue
		}
		promises++
		dir := ""
		for _, name := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cells[2], -1) {
			test := name[1]
			if before, after, ok := strings.Cut(test, ": "); ok {
				dir, test = before, after
			}
			if !exists(t, filepath.Join(repository, dir), test) {
				t.Errorf("%s has no %s: %s", dir, test, line)
			}
		}
		if dir == "" {
			t.Errorf("no test holds it: %s", line)
		}
	}
	if promises < 10 {
		t.Errorf("%d promises", promises)
	}
}

func exists(t *testing.T, dir, test string) bool {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "func "+test+"(") {
			return true
		}
	}
	return false
}
