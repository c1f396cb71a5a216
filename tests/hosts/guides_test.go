package hosts

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	block = regexp.MustCompile("(?ms)^```(\\w+)([^\\n]*)\\n(.*?)^```$")
	named = regexp.MustCompile(`file=(\S+)`)
)

// TestGuides follows each guide from the top: it writes the files that a guide names, runs the commands, and expects what
// the guide shows below each, where a line of … stands for anything.
func TestGuides(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(repository, "docs", "hosts", "*.md"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no guides: %v", err)
	}
	for _, name := range []string{"rollout.md", "dependencies.md", "catalog.md", "substitution.md"} {
		paths = append(paths, filepath.Join(repository, "docs", name))
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) { guide(t, path) })
	}
}

func guide(t *testing.T, path string) {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if strings.Contains(string(text), "$REGISTRY") {
		t.Setenv("REGISTRY", registryOf(t, "", ""))
	}
	for _, found := range block.FindAllStringSubmatch(string(text), -1) {
		language, attributes, body := found[1], found[2], found[3]
		if name := named.FindStringSubmatch(attributes); name != nil {
			target := filepath.Join(dir, name[1])
			if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(target, []byte(body), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if language == "console" {
			follow(t, dir, body)
		}
	}
}

// follow runs the commands of a block.
func follow(t *testing.T, dir, body string) {
	t.Helper()
	for step := range strings.SplitSeq("\n"+body, "\n$ ") {
		command, shown, _ := strings.Cut(strings.TrimPrefix(step, "\n"), "\n")
		if command == "" {
			continue
		}
		got := run(t, dir, "bash", "-c", command).must(t)
		if !shows(got, shown) {
			t.Errorf("$ %s\nshows\n%s\nand the guide says\n%s", command, got, shown)
		}
	}
}

// shows compares output with what a guide shows of it.
func shows(got, shown string) bool {
	var pattern strings.Builder
	pattern.WriteString(`(?s)\A`)
	for line := range strings.SplitSeq(strings.TrimSuffix(shown, "\n"), "\n") {
		if line == "…" {
			pattern.WriteString(`.*?`)
			continue
		}
		pattern.WriteString(regexp.QuoteMeta(line) + `\n`)
	}
	pattern.WriteString(`\z`)
	if strings.TrimSpace(shown) == "" {
		return strings.TrimSpace(got) == ""
	}
	return regexp.MustCompile(pattern.String()).MatchString(got)
}
