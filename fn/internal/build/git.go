package build

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/rungit"
)

// git runs git for one clone. Its own directory lies beside the tree, so that nothing of git is a file of the repository.
type git struct {
	program string
	dir     string
	tree    string
}

// fetch gets one commit. Only this step reads the user's configuration of git, which holds credentials and proxies.
func (g git) fetch(ctx context.Context, url, ref string) error {
	return g.run(ctx, io.Discard, false, "fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--",
		url, ref)
}

// initialise makes an empty repository.
func (g git) initialise(ctx context.Context) error {
	return g.run(ctx, io.Discard, true, "init", "--quiet", "--bare", "--template=")
}

// list reads the files of what was fetched into a listing.
func (g git) list(ctx context.Context, l *listing) error {
	err := g.run(ctx, l, true, "ls-tree", "-r", "-z", "--long", "--full-tree", "FETCH_HEAD")
	return cmp.Or(l.problem, err)
}

// checkout writes the files of what was fetched. No filter runs, because a filter is defined by configuration only.
func (g git) checkout(ctx context.Context) error {
	return g.run(ctx, io.Discard, true, "--work-tree="+g.tree, "checkout", "--quiet", "--force", "--detach", "FETCH_HEAD")
}

// head tells which commit was fetched, and whether the ref that was asked for is a tag.
func (g git) head() (commit string, isTag bool, err error) {
	text, err := os.ReadFile(filepath.Join(g.dir, "FETCH_HEAD"))
	if err != nil {
		return "", false, errors.New("git says nothing about what it fetched")
	}
	commit, about, _ := strings.Cut(string(text), "\t")
	return commit, strings.HasPrefix(strings.TrimPrefix(about, "\t"), "tag '"), nil
}

// run runs one command of git. An isolated command reads no configuration but its own.
func (g git) run(ctx context.Context, out io.Writer, isolated bool, args ...string) error {
	command := rungit.Command{
		Program: g.program, Dir: filepath.Dir(g.dir), GitDir: g.dir,
		Env: func(inherited []string) []string { return g.environment(inherited, isolated) },
	}
	return command.Run(ctx, out, args...)
}

// environment is what git inherits. Without the variables that a hook of another repository is given, git would work on
// that repository: https://git-scm.com/docs/git-rev-parse#Documentation/git-rev-parse.txt---local-env-vars.
func (g git) environment(inherited []string, isolated bool) []string {
	ofOtherRepository := []string{
		"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_CONFIG", "GIT_DIR", "GIT_GRAFT_FILE",
		"GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_INTERNAL_SUPER_PREFIX", "GIT_NAMESPACE", "GIT_NO_REPLACE_OBJECTS",
		"GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_REPLACE_REF_BASE", "GIT_SHALLOW_FILE", "GIT_WORK_TREE",
	}
	env := slices.DeleteFunc(inherited, func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		return slices.Contains(ofOtherRepository, name) || (isolated && strings.HasPrefix(name, "GIT_"))
	})
	if isolated {
		env = append(env, "HOME="+g.dir, "XDG_CONFIG_HOME="+g.dir, "GIT_CONFIG_NOSYSTEM=1", "GIT_ATTR_NOSYSTEM=1")
	}
	return env
}

// listing reads the output of ls-tree and counts the files before they are written: a few kilobytes in a repository can
// stand for more than a disk holds.
type listing struct {
	budget    *budget
	submodule string // path of the first one
	problem   error
	rest      []byte
}

// maxListed bounds what is kept of an entry that is not complete.
const maxListed = 64 << 10

func (l *listing) Write(text []byte) (int, error) {
	l.rest = append(l.rest, text...)
	for l.problem == nil {
		entry, rest, complete := bytes.Cut(l.rest, []byte{0})
		if !complete {
			break
		}
		l.rest = rest
		l.problem = l.entry(string(entry))
	}
	if l.problem == nil && len(l.rest) > maxListed {
		l.problem = fmt.Errorf("%w: a path of the repository has more than %d KiB", errTooLarge, maxListed>>10)
	}
	return len(text), l.problem
}

// entry reads "<mode> <type> <hash> <size>\t<path>".
func (l *listing) entry(text string) error {
	facts, path, _ := strings.Cut(text, "\t")
	fields := strings.Fields(facts)
	if len(fields) != 4 {
		return fmt.Errorf("git lists %.100q", text)
	}
	if fields[1] == "commit" {
		if l.submodule == "" {
			l.submodule = path
		}
		return nil
	}
	size, err := strconv.Atoi(fields[3])
	if err != nil {
		return fmt.Errorf("git lists %.100q: %w", text, err)
	}
	return l.budget.spend(size)
}
