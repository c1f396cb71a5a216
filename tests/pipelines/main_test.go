// Package pipelines runs what a pull request runs.
package pipelines

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// repository and tools are where the project is, and where setup.sh puts what the tests run.
var repository, tools string

func TestMain(m *testing.M) {
	here, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	repository = filepath.Dir(filepath.Dir(here))
	tools = filepath.Join(repository, ".cache", "pipelines")
	setup := exec.Command("./setup.sh")
	setup.Stdout, setup.Stderr = os.Stderr, os.Stderr
	if err := setup.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "setup.sh failed:", err)
		os.Exit(1)
	}
	path := strings.Join([]string{
		filepath.Join(tools, "bin"), filepath.Join(tools, "gitlab-ci-local", "node_modules", ".bin"), filepath.Join(tools, "shims"), os.Getenv("PATH"),
	}, ":")
	for name, value := range map[string]string{
		"PATH": path, "GIT_CONFIG_COUNT": "0",
		"GIT_AUTHOR_NAME": "test", "GIT_AUTHOR_EMAIL": "test@example.com",
		"GIT_COMMITTER_NAME": "test", "GIT_COMMITTER_EMAIL": "test@example.com",
	} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// run runs a program in a directory and returns what it printed.
func run(t *testing.T, dir, name string, args ...string) (output string, err error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, args...)
	command.Dir = dir
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	err = command.Run()
	return out.String(), err
}

// must runs a program that has to succeed.
func must(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	output, err := run(t, dir, name, args...)
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, output)
	}
	return output
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// change replaces a text in a file, which has to be there.
func change(t *testing.T, path, old, now string) {
	t.Helper()
	text := read(t, path)
	if !strings.Contains(text, old) {
		t.Fatalf("%s does not hold %q", path, old)
	}
	write(t, path, strings.ReplaceAll(text, old, now))
}

// contains holds that an output has each of some texts.
func contains(t *testing.T, output string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(output, want) {
			t.Errorf("%q is not in\n%s", want, output)
		}
	}
}
