package revision

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// repository makes an empty repository the working directory.
func repository(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	t.Cleanup(func() {
		if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v %v", left, err)
		}
	})
	for _, name := range []string{"AUTHOR", "COMMITTER"} {
		t.Setenv("GIT_"+name+"_NAME", "a")
		t.Setenv("GIT_"+name+"_EMAIL", "a@example.com")
	}
	git(t, "", "init", "--quiet", "--initial-branch", "main")
}

func git(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	command := exec.Command("git", args...)
	command.Stdin = strings.NewReader(stdin)
	var said bytes.Buffer
	command.Stderr = &said
	out, err := command.Output()
	if err != nil {
		t.Fatalf("git %q: %v\n%s", args, err, said.String())
	}
	return strings.TrimSpace(string(out))
}

func blob(t *testing.T, content string) string {
	t.Helper()
	return git(t, content, "hash-object", "-w", "--stdin")
}

// hostile is an entry of a tree that no command of git would make.
type hostile struct{ mode, name, hash string }

// tree writes a tree as bytes, because mktree and hash-object check what they write.
func tree(t *testing.T, entries ...hostile) string {
	t.Helper()
	var raw bytes.Buffer
	for _, e := range entries {
		fmt.Fprintf(&raw, "%s %s\x00", e.mode, e.name)
		for i := 0; i < len(e.hash); i += 2 {
			var b byte
			if _, err := fmt.Sscanf(e.hash[i:i+2], "%02x", &b); err != nil {
				t.Fatal(err)
			}
			raw.WriteByte(b)
		}
	}
	return git(t, raw.String(), "hash-object", "-w", "-t", "tree", "--literally", "--stdin")
}

func find(t *testing.T, spec string, change func(*Repository)) (*Place, error) {
	t.Helper()
	r, err := Open(t.Context())
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	if change != nil {
		change(r)
	}
	parsed, ok := Parse(spec)
	if !ok {
		t.Fatalf("%q is no place in a revision", spec)
	}
	return r.Find(t.Context(), parsed, parsed.Rev)
}

// TestExactBytes writes what was committed, whatever attributes, filters and hooks say.
func TestExactBytes(t *testing.T) {
	repository(t)
	ran := filepath.Join(t.TempDir(), "ran")
	for _, setting := range [][2]string{
		{"filter.evil.smudge", "touch " + ran},
		{"filter.evil.clean", "cat"},
		{"filter.evil.process", "touch " + ran},
		{"core.fsmonitor", "touch " + ran},
		{"core.autocrlf", "true"},
		{"core.pager", "touch " + ran},
		{"alias.ls-tree", "!touch " + ran},
		{"alias.cat-file", "!touch " + ran},
		{"core.sshCommand", "touch " + ran},
	} {
		git(t, "", "config", setting[0], setting[1])
	}
	for _, hook := range []string{"post-checkout", "post-index-change", "reference-transaction"} {
		if err := os.WriteFile(filepath.Join(".git", "hooks", hook), []byte("#!/bin/sh\ntouch "+ran+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	entries := []hostile{
		{"100644", ".gitattributes", blob(t, "* filter=evil text eol=crlf ident export-ignore\n")},
		{"100755", "a.yaml", blob(t, "a: 1\r\n$Id$\n")},
		{"100644", "lfs", blob(t, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")},
		{"120000", "link", blob(t, "a.yaml")},
		{"100644", "new\nline\x1b[31m", blob(t, "")},
		{"100644", "z:colon", blob(t, "z")},
	}
	place, err := find(t, tree(t, entries...)+":", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		want := git(t, "", "cat-file", "blob", e.hash)
		path := filepath.Join(place.Real, e.name)
		if e.mode == modeLink {
			if target, err := os.Readlink(path); err != nil || target != want {
				t.Errorf("link to %q, %v", target, err)
			}
			continue
		}
		if got, err := os.ReadFile(path); err != nil || strings.TrimSpace(string(got)) != want {
			t.Errorf("%q: %q, %v", e.name, got, err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
			t.Errorf("%q: mode %v, %v", e.name, info.Mode(), err)
		}
	}
	if _, err := os.Stat(ran); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a program of the repository ran")
	}
}

// TestAbsent tells what a revision does not hold: submodules, and what a partial clone has not fetched. Nothing is fetched.
func TestAbsent(t *testing.T) {
	repository(t)
	root := tree(t,
		hostile{"100644", "a", blob(t, "a")}, hostile{"40000", "dir", tree(t, hostile{"100644", "b", blob(t, "b")})},
		hostile{"160000", "module", strings.Repeat("1", 40)})
	commit := git(t, "", "commit-tree", "-m", "one", root)
	git(t, "", "update-ref", "refs/heads/main", commit)
	git(t, "", "config", "uploadpack.allowFilter", "true")
	from, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	place, err := find(t, "main:", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := place.At("module/x"); err == nil || !strings.Contains(err.Error(), `"module" is a submodule`) {
		t.Error(err)
	}
	if got := place.AbsentBelow(place.Real); len(got) != 1 || got[0] != "module" {
		t.Error(got)
	}
	t.Chdir(t.TempDir())
	git(t, "", "clone", "--quiet", "--no-checkout", "--filter=blob:none", "file://"+from, ".")
	place, err = find(t, "main:dir", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := place.AbsentBelow(place.Real); len(got) != 1 || got[0] != "dir/b" {
		t.Error(got)
	}
	if _, err := place.At("a"); err == nil || !strings.Contains(err.Error(), `"a" was not fetched`) {
		t.Error(err)
	}
	if missing := git(t, "", "rev-list", "--objects", "--missing=print", "main"); strings.Count(missing, "?") != 2 {
		t.Errorf("something was fetched: %s", missing)
	}
}

// TestLinks follows links in a revision, and none that leads out of it.
func TestLinks(t *testing.T) {
	repository(t)
	root := tree(t,
		hostile{"120000", "away", blob(t, "/etc/passwd")}, hostile{"40000", "dir", tree(t, hostile{"100644", "b", blob(t, "b")})},
		hostile{"120000", "in", blob(t, "dir")}, hostile{"120000", "round", blob(t, "round")}, hostile{"120000", "up", blob(t, "../..")})
	place, err := find(t, root+":in/b", nil)
	if err != nil || !strings.HasSuffix(place.Real, filepath.Join("dir", "b")) {
		t.Fatal(place, err)
	}
	for path, want := range map[string]string{
		"away": "its links lead out of the repository", "up": "its links lead out of the repository", "round": "its links lead nowhere",
	} {
		if _, err := place.At(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestParse takes what git takes for a place in a revision.
func TestParse(t *testing.T) {
	for text, want := range map[string]Spec{
		"main:app": {"main", "app"}, "main:": {"main", ""}, "v1:./a:b": {"v1", "./a:b"}, "HEAD@{12:00}:a": {"HEAD@{12:00}", "a"},
		"HEAD^{/fix: it}:a": {"HEAD^{/fix: it}", "a"}, ":a": {"", "a"}, "origin/main:a/b": {"origin/main", "a/b"},
	} {
		if got, ok := Parse(text); !ok || got != want {
			t.Errorf("%s: %v %v", text, got, ok)
		}
	}
	for _, text := range []string{"main", "a/b", "https://host/repo", "HEAD@{1:2}"} {
		if got, ok := Parse(text); ok {
			t.Errorf("%s: %v", text, got)
		}
	}
	for _, test := range []struct{ path, prefix, want string }{
		{"a/b/", "x/", "a/b"},
		{"./a", "x/", "x/a"},
		{".", "x/", "x"},
		{"../y", "x/", "y"},
		{"", "x/", "."},
		{"a/../b", "", "b"},
		{"..", "", ""},
		{"a/../../b", "", ""},
		{"/a", "", ""},
		{"../../a", "x/", ""},
	} {
		if got, err := (Spec{"r", test.path}).from(test.prefix); got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%v: %q, %v", test, got, err)
		}
	}
}

// TestInterrupted ends git and leaves nothing behind.
func TestInterrupted(t *testing.T) {
	repository(t)
	root := tree(t, hostile{"100644", "a", blob(t, "a")})
	r, err := Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Find(ctx, Spec{root, ""}, "x"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}
