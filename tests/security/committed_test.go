package security

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// commit makes the repository "committed" of a world. It has two commits, and each setting and hook that makes git run a program.
func commit(t *testing.T, top string) {
	t.Helper()
	dir := filepath.Join(top, "committed")
	if err := os.CopyFS(filepath.Join(dir, "app"), os.DirFS(filepath.Join(repository, "examples", "quickstart"))); err != nil {
		t.Fatal(err)
	}
	git := func(args ...string) string {
		command := exec.Command("git", append([]string{"-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "gc.auto=0"}, args...)...)
		command.Dir, command.Env = dir, []string{"PATH=" + os.Getenv("PATH"), "GIT_CONFIG_NOSYSTEM=1", "HOME=/nowhere"}
		out, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	write := func(name, text string, mode os.FileMode) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	git("init", "--quiet")
	git("add", "--all")
	git("commit", "--quiet", "--message", "one")
	write(".gitattributes", "* filter=evil diff=evil merge=evil text eol=crlf working-tree-encoding=UTF-16\n", 0o600)
	write("app/far.txt", "only the server has it\n", 0o600)
	far := git("hash-object", "app/far.txt", "--no-filters", "-w")
	git("update-index", "--add", "--cacheinfo", "100644,"+far+",app/far.txt")
	git("commit", "--quiet", "--message", "two")
	for _, path := range []string{filepath.Join(dir, ".git", "objects", far[:2], far[2:]), filepath.Join(dir, "app", "far.txt")} {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	program := filepath.Join(dir, "evil.sh")
	write("evil.sh", "#!/bin/sh\ntouch "+filepath.Join(dir, "EXECUTED")+"\n", 0o700)
	for _, hook := range []string{"post-checkout", "reference-transaction", "post-index-change", "pre-auto-gc", "fsmonitor-watchman"} {
		write(".git/hooks/"+hook, "#!/bin/sh\nexec "+program+"\n", 0o700)
	}
	write(".git/objects/info/alternates", filepath.Join(top, "victim", "objects")+"\n", 0o600)
	write(".git/included", "[core]\n\tpager = "+program+"\n", 0o600)
	write(".git/config", strings.ReplaceAll(evilConfig, "PROGRAM", program), 0o600)
}

// evilConfig has what git runs, and where. https://git-scm.com/docs/git-config
const evilConfig = `[core]
	repositoryformatversion = 1
	fsmonitor = PROGRAM
	sshCommand = PROGRAM
	gitProxy = PROGRAM
	hooksPath = .git/hooks
	alternateRefsCommand = PROGRAM
	askPass = PROGRAM
	editor = PROGRAM
[extensions]
	partialClone = origin
[include]
	path = included
[remote "origin"]
	url = ssh://127.0.0.1:9/repo
	fetch = +refs/heads/*:refs/remotes/origin/*
	promisor = true
	partialclonefilter = blob:none
	uploadpack = PROGRAM
	vcs = ext
[url "ext::PROGRAM "]
	insteadOf = ssh://
[protocol]
	allow = always
[protocol "ext"]
	allow = always
[filter "evil"]
	clean = PROGRAM
	smudge = PROGRAM
	process = PROGRAM
	required = true
[diff]
	external = PROGRAM
[diff "evil"]
	textconv = PROGRAM
	command = PROGRAM
[merge "evil"]
	driver = PROGRAM
[gpg]
	program = PROGRAM
[log]
	showSignature = true
[credential]
	helper = !PROGRAM
[uploadpack]
	packObjectsHook = PROGRAM
[alias]
	rev-parse = !PROGRAM
	cat-file = !PROGRAM
`
