package build

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// repositories are bare Git repositories on this machine.
type repositories struct {
	*world
	dir  string
	home string // where git looks for the user's configuration
	tree string // the working directory
}

// publish makes a world in which every directory repos/<name> of an archive is the repository REPOS/<name>.git with a
// branch main, the tag v1 and the annotated tag v2, and in which git may fetch.
func publish(t *testing.T, archive *txtar.Archive) *repositories {
	t.Helper()
	program, err := exec.LookPath("git")
	if err != nil {
		t.Fatal(err)
	}
	r := &repositories{dir: t.TempDir(), home: t.TempDir()}
	t.Setenv("HOME", r.home)
	t.Setenv("XDG_CONFIG_HOME", r.home)
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	files := &txtar.Archive{Comment: archive.Comment}
	for _, file := range archive.Files {
		text := strings.ReplaceAll(string(file.Data), "REPOS", "file://"+r.dir)
		files.Files = append(files.Files, txtar.File{Name: file.Name, Data: []byte(text)})
	}
	r.world = enter(t, files)
	r.git = program
	if r.tree, err = os.Getwd(); err != nil {
		t.Fatal(err)
	}
	sources := filepath.Join(t.TempDir(), "repos")
	if err := os.Rename("repos", sources); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(sources)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		at := []string{
			"--git-dir=" + filepath.Join(r.dir, entry.Name()+".git"), "--work-tree=" + filepath.Join(sources, entry.Name()),
			"-c", "user.name=t", "-c", "user.email=t@example.com",
		}
		r.run(t, "init", "--quiet", "--bare", "--initial-branch=main", filepath.Join(r.dir, entry.Name()+".git"))
		r.run(t, append(at, "add", "--all")...)
		r.run(t, append(at, "commit", "--quiet", "--message", "t")...)
		r.run(t, append(at, "tag", "v1")...)
		r.run(t, append(at, "tag", "--annotate", "--message", "t", "v2")...)
	}
	return r
}

// run runs git and returns what it says.
func (r *repositories) run(t *testing.T, args ...string) string {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), r.git, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, output)
	}
	return strings.TrimSpace(string(output))
}

// configure appends to the user's configuration of git.
func (r *repositories) configure(t *testing.T, text string) {
	t.Helper()
	path := filepath.Join(r.home, ".gitconfig")
	before, _ := os.ReadFile(path)
	write(t, path, string(before)+text, 0o644)
}

// wrap puts a script between the build and git.
func (r *repositories) wrap(t *testing.T, script string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "git")
	write(t, path, "#!/bin/sh\n"+strings.ReplaceAll(script, "GIT", r.git)+"\n", 0o755)
	r.git = path
}
