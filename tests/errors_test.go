package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	wantPattern    = regexp.MustCompile(`# want (MF\d{4}) ("(?:[^"\\]|\\.)*")`)
	findingPattern = regexp.MustCompile(`^([^:\s][^:]*):(\d+):(\d+): (error|warning|info): (.*) \[(MF\d{4})(?: (?:IST|KIA)\d{4})*\]$`)
)

// TestErrors runs each file of errors/ and expects exactly the findings that its comments name, on their lines.
func TestErrors(t *testing.T) {
	paths, err := filepath.Glob("errors/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".yaml"), func(t *testing.T) { wanted(t, path) })
	}
}

func wanted(t *testing.T, path string) {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got := run(t, "", "render", path)
	found := map[int][]string{} // code and message by line
	severe := false
	for line := range strings.SplitSeq(got.stderr, "\n") {
		if match := findingPattern.FindStringSubmatch(line); match != nil {
			var n int
			if _, err := fmt.Sscan(match[2], &n); err != nil {
				t.Fatal(err)
			}
			found[n] = append(found[n], match[6]+" "+match[5])
			severe = severe || match[4] == "error"
		}
	}
	for i, line := range strings.Split(string(text), "\n") {
		for _, want := range wantPattern.FindAllStringSubmatch(line, -1) {
			wantedText, err := strconv.Unquote(want[2])
			if err != nil {
				t.Fatalf("%s:%d: %v", path, i+1, err)
			}
			if !take(found, i+1, want[1], wantedText) {
				t.Errorf("%s:%d: missing %s with %q", path, i+1, want[1], wantedText)
			}
		}
	}
	for line, rest := range found {
		for _, finding := range rest {
			t.Errorf("%s:%d: unexpected: %s", path, line, finding)
		}
	}
	if severe && (got.code != 1 || got.stdout != "") {
		t.Errorf("with an error, the exit code is %d and %d bytes were written", got.code, len(got.stdout))
	}
	if t.Failed() {
		t.Log("all findings:\n" + got.stderr)
	}
}

func take(found map[int][]string, line int, code, text string) bool {
	for i, finding := range found[line] {
		if strings.HasPrefix(finding, code+" ") && strings.Contains(finding, text) {
			found[line] = append(found[line][:i:i], found[line][i+1:]...)
			return true
		}
	}
	return false
}

// TestSilence runs each file of ok/ and expects no finding at all. Those named published_ have no Mesh: they are what a
// repository holds before it uses anything else of meshfn.
func TestSilence(t *testing.T) {
	paths, err := filepath.Glob("ok/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".yaml"), func(t *testing.T) {
			if strings.HasPrefix(filepath.Base(path), "published_") {
				if got := run(t, "", "check", path); got.code != 0 || got.stdout != "" || !strings.Contains(got.stderr, " 0 errors, 0 warnings, 0 infos") {
					t.Errorf("exit code %d, %s, findings:\n%s", got.code, got.stderr, got.stdout)
				}
				return
			}
			if got := run(t, "", "render", path); got.code != 0 || got.stderr != "" || got.stdout == "" {
				t.Errorf("exit code %d, %d bytes, findings:\n%s", got.code, len(got.stdout), got.stderr)
			}
		})
	}
}
