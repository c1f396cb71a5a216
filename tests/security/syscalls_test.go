package security

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSystemCalls runs every verb under strace and holds what the program asks of the system: it executes nothing but itself,
// and git where a revision is named, opens no socket, looks at no file outside of the repository and its temporary directory,
// and changes nothing but its output.
func TestSystemCalls(t *testing.T) {
	for name, v := range verbs() {
		t.Run(name, func(t *testing.T) {
			dir, temporary := world(t), t.TempDir()
			trace := filepath.Join(t.TempDir(), "trace")
			before := listing(t, dir)
			run := v.process(dir, "TMPDIR="+temporary, "HOME="+dir+"/victim", "PATH=/usr/bin:/bin")
			run.args = append([]string{
				"/usr/bin/strace", "-f", "-y", "-qq", "-e", "signal=none", "-s", "4096", "-e", "trace=%file,%network,execve,execveat",
				"-o", trace, meshfn(t),
			}, run.args...)
			got := run.run(t)
			text, err := os.ReadFile(trace)
			if err != nil || len(text) == 0 {
				t.Fatalf("no trace: %v", err)
			}
			if !strings.HasPrefix(name, "evil") && got.code > 1 {
				t.Errorf("exit code %d:\n%s", got.code, got.stderr)
			}
			who := judge{dir: dir, from: run.dir, temporary: temporary, self: meshfn(t), git: map[string]bool{}, mayRunGit: v.git}
			for line := range strings.Lines(string(text)) {
				if problem := who.call(strings.TrimSpace(line)); problem != "" {
					t.Errorf("%s:\n%s", problem, line)
				}
			}
			if v.git == (len(who.git) == 0) {
				t.Errorf("git was run %d times", len(who.git))
			}
			if left := listing(t, temporary); left != "" {
				t.Errorf("left behind:\n%s", left)
			}
			for line := range strings.Lines(listing(t, dir)) {
				wanted := strings.HasPrefix(line, "out/") || name == "init into" && strings.HasPrefix(line, "examples/shop/app/mesh")
				if !strings.Contains(before, line) && !wanted {
					t.Errorf("created: %s", line)
				}
			}
		})
	}
}

// listing is everything below a directory.
func listing(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if path != dir {
			all.WriteString(strings.TrimPrefix(path, dir+"/") + "\n")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
