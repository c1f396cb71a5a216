package tests

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestTransition compares the builds old and new of each archive and expects exactly the findings that comments name, on their
// lines in either of them. What is below both is part of every build. Where an archive has steps, the way from old over each of
// them to new has to be safe.
func TestTransition(t *testing.T) {
	paths, err := filepath.Glob("transition/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			builds, files := buildsOf(archive)
			inDirectory(t, files)
			t.Run("old new", func(t *testing.T) { judgedWay(t, files) })
			if len(builds) == 2 {
				return
			}
			for i := range builds[1:] {
				from, to := builds[i], builds[i+1]
				t.Run(from+" "+to, func(t *testing.T) { isSafe(t, from, to) })
			}
		})
	}
}

// buildsOf lists the builds of an archive in their order, and all files with what every build has.
func buildsOf(archive *txtar.Archive) (builds []string, files map[string]string) {
	files = map[string]string{}
	step := regexp.MustCompile(`^steps/\d+`)
	builds = []string{"new", "old"}
	for _, file := range archive.Files {
		files[file.Name] = string(file.Data)
		if name := step.FindString(file.Name); name != "" && !slices.Contains(builds, name) {
			builds = append(builds, name)
		}
	}
	slices.Sort(builds[1:]) // old comes before steps.
	builds = append(builds[1:], "new")
	for name, text := range files {
		if rest, ok := strings.CutPrefix(name, "both/"); ok {
			for _, build := range builds {
				files[build+"/"+rest] = text
			}
		}
	}
	return builds, files
}

// comparedFinding is what the test looks at of a finding.
type comparedFinding struct {
	Code, Severity, Message, Try string
	Source                       struct {
		File string
		Line int
	}
}

func findingsBetween(t *testing.T, from, to string) (findings []comparedFinding, code int) {
	t.Helper()
	got := run(t, "", "diff", from, to, "--format", "json")
	if got.stderr != "" {
		t.Fatalf("%s is no right build:\n%s", to, got.stderr)
	}
	var out struct{ Findings []comparedFinding }
	if err := json.Unmarshal([]byte(got.stdout), &out); err != nil {
		t.Fatalf("%v in %s", err, got.stdout)
	}
	return out.Findings, got.code
}

func judgedWay(t *testing.T, files map[string]string) {
	findings, code := findingsBetween(t, "old", "new")
	found := map[string]map[int][]string{}
	severe := false
	for _, finding := range findings {
		at := finding.Source
		if found[at.File] == nil {
			found[at.File] = map[int][]string{}
		}
		found[at.File][at.Line] = append(found[at.File][at.Line], finding.Code+" "+finding.Severity+": "+finding.Message)
		severe = severe || finding.Severity == "error"
		if finding.Try == "" {
			t.Errorf("%s does not say what to do: %s", finding.Code, finding.Message)
		}
	}
	for name, text := range files {
		for i, line := range strings.Split(text, "\n") {
			for _, want := range wantPattern.FindAllStringSubmatch(line, -1) {
				message, err := strconv.Unquote(want[2])
				if err != nil {
					t.Fatalf("%s:%d: %v", name, i+1, err)
				}
				if !take(found[name], i+1, want[1], message) {
					t.Errorf("%s:%d: missing %s with %q", name, i+1, want[1], message)
				}
			}
		}
	}
	for name, lines := range found {
		for line, rest := range lines {
			for _, finding := range rest {
				t.Errorf("%s:%d: unexpected: %s", name, line, finding)
			}
		}
	}
	if want := map[bool]int{true: 1, false: 0}[severe]; code != want {
		t.Errorf("the exit code is %d, want %d", code, want)
	}
}

// isSafe holds that nothing on the way between two builds is an error.
func isSafe(t *testing.T, from, to string) {
	findings, code := findingsBetween(t, from, to)
	var said []string
	for _, finding := range findings {
		said = append(said, fmt.Sprintf("%s:%d: %s %s", finding.Source.File, finding.Source.Line, finding.Code, finding.Message))
	}
	if code != 0 {
		t.Errorf("the way is not safe:\n%s", strings.Join(said, "\n"))
	}
}

// TestTransitionOfExamples holds that nothing is said between an example and itself, nor where it comes into being. Where it goes,
// clients outside may notice, which is no more than a warning.
func TestTransitionOfExamples(t *testing.T) {
	examples, err := filepath.Glob("../examples/*/expected.yaml")
	if err != nil || len(examples) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, path := range examples {
		dir := filepath.Dir(path)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			for _, pair := range [][2]string{{dir, dir}, {os.DevNull, dir}, {dir, os.DevNull}} {
				findings, code := findingsBetween(t, pair[0], pair[1])
				for _, finding := range findings {
					if pair[1] != os.DevNull || finding.Severity == "error" {
						t.Errorf("%s to %s: %s %s: %s", pair[0], pair[1], finding.Severity, finding.Code, finding.Message)
					}
				}
				if code != 0 {
					t.Errorf("%s to %s: exit code %d", pair[0], pair[1], code)
				}
			}
		})
	}
}
