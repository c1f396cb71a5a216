// Package revision writes the files of a Git revision into a private directory: the bytes that were committed, without
// filters, attributes, hooks or a network. Git is asked for facts only, and nothing of the repository is changed.
package revision

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/rungit"
)

// Repository is the Git repository of the working directory, and the revisions of it that were written.
type Repository struct {
	git     string
	top     string // real path of the working tree; empty where there is none
	prefix  string // of the working directory in it, with slashes
	shallow bool
	partial bool   // some files may be with a server only
	dir     string // private, for the files of revisions
	limits  limits
	trees   map[string]*Tree // by the hash of the tree
}

// Open finds the repository of the working directory.
func Open(ctx context.Context) (*Repository, error) {
	program, err := exec.LookPath("git")
	if err == nil {
		program, err = filepath.Abs(program)
	}
	if err != nil {
		return nil, errors.New("a revision is read by git, which is not installed here: install it, or check the revision out " +
			"and name its directory")
	}
	r := &Repository{git: program, limits: defaultLimits(), trees: map[string]*Tree{}}
	if err := r.learn(ctx); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "meshfn-revision-") // created with mode 0700
	if err != nil {
		return nil, fmt.Errorf("make a directory for revisions: %w", err)
	}
	if r.dir, err = filepath.EvalSymlinks(dir); err != nil {
		return nil, errors.Join(err, os.Remove(dir))
	}
	return r, nil
}

// learn asks git about the repository.
func (r *Repository) learn(ctx context.Context) error {
	facts, err := r.ask(ctx, "rev-parse", "--is-shallow-repository")
	if err != nil {
		return explained(err)
	}
	r.shallow = facts == "true"
	if inside, err := r.ask(ctx, "rev-parse", "--is-inside-work-tree"); err == nil && inside == "true" {
		if err := r.findTop(ctx); err != nil {
			return err
		}
	}
	names, err := r.ask(ctx, "config", "--name-only", "--get-regexp", `^(extensions\.partialclone|remote\..*\.(promisor|partialclonefilter))$`)
	r.partial = err == nil && names != ""
	return nil
}

func (r *Repository) findTop(ctx context.Context) error {
	top, err := r.ask(ctx, "rev-parse", "--show-toplevel")
	if err == nil {
		r.top, err = filepath.EvalSymlinks(filepath.FromSlash(top))
	}
	if err == nil {
		r.prefix, err = r.ask(ctx, "rev-parse", "--show-prefix")
	}
	return err
}

// explained says what to do where git refuses the whole repository.
func explained(err error) error {
	switch text := err.Error(); {
	case strings.Contains(text, "not a git repository"):
		return Mistake{errors.New("the working directory is in no Git repository, so it has no revisions")}
	case strings.Contains(text, "dubious ownership"), strings.Contains(text, "unsafe repository"):
		return errors.New("git does not read this repository, because its files belong to somebody else, as is usual in a " +
			"container; where you trust it: git config --global --add safe.directory \"$PWD\" in the root of the repository " +
			"(" + text + ")")
	}
	return err
}

// maxAnswer bounds what git answers in one go.
const maxAnswer = 1 << 20

// ask runs a command of git that answers in few words.
func (r *Repository) ask(ctx context.Context, args ...string) (string, error) {
	var out bytes.Buffer
	if err := r.run(ctx, nil, &limited{out: &out, left: maxAnswer}, args...); err != nil {
		return "", err
	}
	return strings.TrimSuffix(out.String(), "\n"), nil
}

// run runs git as the user would here: the environment and the configuration are the user's, who may have trusted the
// repository there. Nothing that the repository configures is executed, and nothing is fetched: a partial clone has what it
// has.
func (r *Repository) run(ctx context.Context, in io.Reader, out io.Writer, args ...string) error {
	command := rungit.Command{
		Program: r.git, Stdin: in,
		Config: []string{
			"protocol.allow=never", "protocol.file.allow=never", "protocol.git.allow=never", "protocol.ssh.allow=never",
			"protocol.http.allow=never", "protocol.https.allow=never",
		},
		Env: func(inherited []string) []string {
			return append(inherited, "GIT_NO_LAZY_FETCH=1", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_REPLACE_OBJECTS=1")
		},
	}
	return command.Run(ctx, out, args...)
}

type limited struct {
	out  io.Writer
	left int
}

func (l *limited) Write(text []byte) (int, error) {
	if l.left -= len(text); l.left < 0 {
		return 0, errors.New("git answers more than was asked")
	}
	return l.out.Write(text)
}

// resolve finds the hash that a revision stands for, as a commit or as a tree.
func (r *Repository) resolve(ctx context.Context, rev, as string) (string, error) {
	hash, err := r.ask(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{"+as+"}")
	if err == nil && hash != "" {
		return hash, nil
	}
	if err := context.Cause(ctx); err != nil {
		return "", err
	}
	try := "git fetch, if it is a branch or tag of another repository"
	if r.shallow {
		try = shallowTry
	}
	return "", mistake("%q is no revision that this repository has; %s", rev, try)
}

const shallowTry = "this clone is shallow, so fetch more: git fetch --unshallow, or in CI the whole history " +
	"(GitHub: fetch-depth: 0 of actions/checkout; GitLab: GIT_DEPTH: 0)"

// MergeBase is the commit at which the history of two revisions parted.
func (r *Repository) MergeBase(ctx context.Context, one, other string) (string, error) {
	var commits [2]string
	for i, rev := range []string{one, other} {
		if err := (Spec{Rev: rev}).check(); err != nil {
			return "", err
		}
		var err error
		if commits[i], err = r.resolve(ctx, rev, "commit"); err != nil {
			return "", err
		}
	}
	bases, err := r.ask(ctx, "merge-base", commits[0], commits[1])
	if err == nil && bases != "" {
		return strings.SplitN(bases, "\n", 2)[0], nil
	}
	if err := context.Cause(ctx); err != nil {
		return "", err
	}
	text := fmt.Sprintf("%q and %q have no commit in common", one, other)
	if r.shallow {
		text += "; " + shallowTry
	}
	return "", mistake("%s", text)
}

// Short is the abbreviated hash that git itself shows for a commit.
func (r *Repository) Short(ctx context.Context, commit string) (string, error) {
	return r.ask(ctx, "rev-parse", "--short", commit)
}

// PathOf is the path from the root of the working tree to a place on this machine, with slashes, whether it exists or not.
// It is false for what lies outside.
func (r *Repository) PathOf(place string) (string, bool) {
	abs, err := filepath.Abs(place)
	if err != nil || r.top == "" {
		return "", false
	}
	rest := ""
	for {
		if real, err := filepath.EvalSymlinks(abs); err == nil {
			relative, err := filepath.Rel(r.top, filepath.Join(real, rest))
			return filepath.ToSlash(relative), err == nil && filepath.IsLocal(relative)
		}
		parent := filepath.Dir(abs)
		if parent == abs {
			return "", false
		}
		rest, abs = filepath.Join(filepath.Base(abs), rest), parent
	}
}

// Close removes everything that was written.
func (r *Repository) Close() error { return os.RemoveAll(r.dir) }

// Knows reports whether a word is a revision.
func (r *Repository) Knows(ctx context.Context, word string) bool {
	if (Spec{Rev: word}).check() != nil {
		return false
	}
	_, err := r.resolve(ctx, word, "tree")
	return err == nil
}

// InTop is the place in the working tree that a path from its root means.
func (r *Repository) InTop(path string) string { return filepath.Join(r.top, filepath.FromSlash(path)) }
