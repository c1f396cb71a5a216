// Package hosts runs meshfn through the real programs that its users run.
package hosts

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite expectations from what the programs do now")

// repository and tools are where the project is, and where setup.sh puts what the tests run.
var repository, tools string

func TestMain(m *testing.M) {
	flag.Parse()
	here, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	repository = filepath.Dir(filepath.Dir(here))
	tools = filepath.Join(repository, ".cache", "hosts")
	setup := exec.Command("./setup.sh")
	setup.Stdout, setup.Stderr = os.Stderr, os.Stderr
	if err := setup.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "setup.sh failed:", err)
		os.Exit(1)
	}
	path := filepath.Join(tools, "bin") + ":" + filepath.Join(tools, "shims") + ":" + os.Getenv("PATH")
	for name, value := range map[string]string{
		"PATH": path, "KRM_FN_RUNTIME": "podman", "GIT_CONFIG_COUNT": "0",
		"GIT_AUTHOR_NAME": "test", "GIT_AUTHOR_EMAIL": "test@example.com",
		"GIT_COMMITTER_NAME": "test", "GIT_COMMITTER_EMAIL": "test@example.com",
	} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// result is what a program printed.
type result struct {
	stdout, stderr string
	err            error
}

// run runs a program in a directory.
func run(t *testing.T, dir string, name string, args ...string) result {
	t.Helper()
	return runWith(t, dir, "", name, args...)
}

func runWith(t *testing.T, dir, stdin, name string, args ...string) result {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, args...)
	command.Dir, command.Stdin = dir, strings.NewReader(stdin)
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	return result{stdout.String(), stderr.String(), err}
}

// must fails the test when the program did.
func (r result) must(t *testing.T) string {
	t.Helper()
	if r.err != nil {
		t.Fatalf("%v\nstdout:\n%s\nstderr:\n%s", r.err, r.stdout, r.stderr)
	}
	return r.stdout
}

// unpack writes the files of an archive into a fresh directory. A name that ends in .git/ makes the directory before it a
// Git repository; $ROOT in a file is the directory.
func unpack(t *testing.T, archive *txtar.Archive) string {
	t.Helper()
	dir := t.TempDir()
	for _, file := range archive.Files {
		path := filepath.Join(dir, filepath.FromSlash(file.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(file.Data), "$ROOT", dir)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// commit makes a directory a Git repository with one commit and tags it.
func commit(t *testing.T, dir string, tags ...string) {
	t.Helper()
	for _, args := range [][]string{
		{"init", "--quiet", "--initial-branch", "main"},
		{"add", "--all"},
		{"commit", "--quiet", "--allow-empty", "--message", "test"},
	} {
		run(t, dir, "git", args...).must(t)
	}
	for _, tag := range tags {
		run(t, dir, "git", "tag", tag).must(t)
	}
}

// copyTree copies a directory of the repository, so that a test can change it.
func copyTree(t *testing.T, from string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(repository, from))); err != nil {
		t.Fatal(err)
	}
	return dir
}
