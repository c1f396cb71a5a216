package build

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// The bounds of fetching. The time is kustomize's own.
const (
	fetchTime  = 27 * time.Second
	maxFetches = 32
	waitForGit = 2 * time.Second // for git's own programs, which may hold its output open after it was stopped
)

// fetched is a repository on this machine.
type fetched struct {
	spec string // as the kustomization names it
	root string // real path of the clone
	dir  string // real path of the directory in it
}

// remotes fetches repositories, each once. Only git runs, with nothing that a repository could make it run: no hooks, no
// helpers that a URL names, no questions, no submodules.
type remotes struct {
	git    string // path of git, empty when nothing may be fetched
	dir    string // where clones go
	byName map[string]*fetched
	roots  []*fetched
}

// fetch returns the directory that a kustomization names in a repository.
func (p *plan) fetch(spec string, at diag.Source) (*fetched, bool) {
	if known, ok := p.remotes.byName[spec]; ok {
		return known, known != nil
	}
	p.remotes.byName[spec] = nil
	found, err := p.remotes.clone(p.files.ctx, spec)
	if err != nil {
		p.add(diag.Finding{
			Code: diag.RemoteSource, Source: at, Message: fmt.Sprintf("%.200q cannot be fetched: %v", spec, err),
		})
		return nil, false
	}
	p.remotes.byName[spec] = found
	p.remotes.roots = append(p.remotes.roots, found)
	p.shown.clones = p.remotes.roots
	return found, true
}

func (r *remotes) clone(ctx context.Context, spec string) (*fetched, error) {
	repository, err := parseRepository(spec)
	if err != nil {
		return nil, err
	}
	if len(r.byName) > maxFetches {
		return nil, fmt.Errorf("%w: the build fetches more than %d repositories", errTooLarge, maxFetches)
	}
	root := filepath.Join(r.dir, fmt.Sprintf("repository-%d", len(r.byName)))
	ref := repository.ref
	if ref == "" {
		ref = "HEAD"
	}
	for _, args := range [][]string{
		{"init", "--quiet", "--template=", root},
		{"-C", root, "fetch", "--quiet", "--depth=1", "--no-recurse-submodules", "--", repository.clone, ref},
		{"-C", root, "checkout", "--quiet", "--detach", "FETCH_HEAD"},
	} {
		if err := r.run(ctx, args); err != nil {
			return nil, err
		}
	}
	if _, err := os.Lstat(filepath.Join(root, ".gitmodules")); err == nil {
		return nil, fmt.Errorf("it has submodules, which are not fetched here; copy what is needed into the repository")
	}
	root, err = filepath.EvalSymlinks(root)
	if err != nil {
		return nil, err
	}
	dir, err := filepath.EvalSymlinks(filepath.Join(root, filepath.FromSlash(repository.dir)))
	if err != nil {
		return nil, fmt.Errorf("it has no directory %q", repository.dir)
	}
	if !within(root, dir) {
		return nil, fmt.Errorf("%q leads out of the repository", repository.dir)
	}
	return &fetched{spec: spec, root: root, dir: dir}, nil
}

// run runs git with a bound on its time.
func (r *remotes) run(ctx context.Context, args []string) error {
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	safe := []string{
		"-c", "protocol.ext.allow=never", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false",
		"-c", "core.symlinks=true", "-c", "advice.detachedHead=false",
	}
	command := exec.CommandContext(ctx, r.git, append(safe, args...)...) //nolint:gosec // Git itself, found by the caller.
	command.Env = append(ownRepository(command.Environ()), "GIT_TERMINAL_PROMPT=0", "GIT_LFS_SKIP_SMUDGE=1")
	command.WaitDelay = waitForGit
	output, err := command.CombinedOutput()
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("git did not answer within %s", fetchTime)
	case err != nil:
		return fmt.Errorf("git: %s", oneLine(strings.TrimSpace(string(output))))
	}
	return nil
}

// ownRepository leaves out the variables that a hook of another repository is given, with which git would work on that
// repository: https://git-scm.com/docs/git-rev-parse#Documentation/git-rev-parse.txt---local-env-vars.
func ownRepository(inherited []string) []string {
	ofOther := []string{
		"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_CONFIG", "GIT_DIR", "GIT_GRAFT_FILE",
		"GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_INTERNAL_SUPER_PREFIX", "GIT_NAMESPACE", "GIT_NO_REPLACE_OBJECTS",
		"GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_REPLACE_REF_BASE", "GIT_SHALLOW_FILE", "GIT_WORK_TREE",
	}
	return slices.DeleteFunc(inherited, func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		return slices.Contains(ofOther, name)
	})
}

// warnMoving says when a build may give something else tomorrow.
func (p *plan) warnMoving(spec string, at diag.Source) {
	repository, err := parseRepository(spec)
	if err != nil || fixedRef(repository.ref) {
		return
	}
	what := fmt.Sprintf("ref %q may move", repository.ref)
	if repository.ref == "" {
		what = "it names no ref"
	}
	p.findings = append(p.findings, diag.Finding{
		Code: diag.RemoteSource, Severity: diag.Warning, Source: at,
		Message: fmt.Sprintf("%.200q: %s, so the same files may build to something else tomorrow", spec, what),
		Try:     "?ref= with a version tag such as v3, or a commit",
	})
}

// cloneOf returns the clone that a path is in, or nil.
func (r *remotes) cloneOf(path string) *fetched {
	for _, clone := range r.roots {
		if within(clone.root, path) {
			return clone
		}
	}
	return nil
}

// localised replaces the repositories among the paths of a kustomization by the directories that were fetched.
func (w *walk) localised(k *kustomization, paths []string) []string {
	out := make([]string, 0, len(paths))
	for _, path := range paths {
		if found := w.remotes.byName[path]; found != nil {
			if relative, err := filepath.Rel(k.dir, found.dir); err == nil {
				path = relative
			}
		}
		out = append(out, path)
	}
	return out
}
