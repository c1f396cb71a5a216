package tests

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// TestScenarios runs each scenario as plain manifests and compares the sections it has: out/istio is everything that was
// generated or edited, out/findings what was said, out/plan what was decided, out/explain who decided it.
func TestScenarios(t *testing.T) {
	paths, err := filepath.Glob("scenarios/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, path := range paths {
		path, err := filepath.Abs(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { scenario(t, path) })
	}
}

func scenario(t *testing.T, path string) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	inputs := inputsOf(archive)
	inDirectory(t, inputs)
	got := run(t, "", "render", ".")
	sections := map[string]string{"out/istio": fresh(got.stdout, inputs), "out/findings": got.stderr}
	for i := range archive.Files {
		switch name := archive.Files[i].Name; name {
		case "out/plan":
			sections[name] = run(t, "", "explain", "--plan").stdout
		case "out/explain":
			sections[name] = run(t, "", "explain").stdout
		}
	}
	if strings.Contains(got.stderr, ": error: ") != (got.code == 1) {
		t.Errorf("exit code %d does not fit the findings:\n%s", got.code, got.stderr)
	}
	if *update {
		rewrite(t, path, archive, sections)
		return
	}
	for name, text := range sections {
		if diff := cmp.Diff(section(archive, name), text); diff != "" {
			t.Errorf("%s (- wanted, + got; make golden rewrites it):\n%s", name, diff)
		}
	}
}

func inputsOf(archive *txtar.Archive) map[string]string {
	inputs := map[string]string{}
	for _, file := range archive.Files {
		if !strings.HasPrefix(file.Name, "out/") {
			inputs[file.Name] = string(file.Data)
		}
	}
	return inputs
}

// fresh leaves out the documents that left as they came.
func fresh(stream string, inputs map[string]string) string {
	var known []string
	for _, text := range inputs {
		known = append(known, documents(text)...)
	}
	var out []string
	for _, document := range documents(stream) {
		if !slices.Contains(known, document) {
			out = append(out, document)
		}
	}
	return strings.Join(out, "---\n")
}

func section(archive *txtar.Archive, name string) string {
	for _, file := range archive.Files {
		if file.Name == name {
			return string(file.Data)
		}
	}
	return ""
}

// rewrite puts the sections at the end of the archive, and leaves out empty ones.
func rewrite(t *testing.T, path string, archive *txtar.Archive, sections map[string]string) {
	archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return strings.HasPrefix(f.Name, "out/") })
	for _, name := range []string{"out/plan", "out/explain", "out/istio", "out/findings"} {
		if sections[name] != "" {
			archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(sections[name])})
		}
	}
	if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}
