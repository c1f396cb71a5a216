package build

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/meshfn/meshfn/fn/internal/reach"
)

// remotes are the repositories that one build fetches. A commit is fetched once, however many kustomizations name one of
// its directories.
type remotes struct {
	program string // path of git, empty when nothing may be fetched
	dir     string // where clones go
	limits  limits
	spent   budget
	named   map[string]*remote // by what kustomizations say
	list    []*remote
	clones  []*clone
}

// remote is a directory in a repository.
type remote struct {
	repository
	spec   string // as kustomizations name it
	number int
	clone  *clone
	path   string // real path of the directory
	err    error  // why there is none
}

// clone is a repository at one ref.
type clone struct {
	repository
	tree      string // real path of its files
	commit    string // what the ref stands for
	isTag     bool
	submodule string // path of one that was not fetched
	err       error
}

// remotePrefix begins the names of directories that stand for clones. They exist in the view only.
const remotePrefix = ".meshfn-remote-"

// link is the name by which kustomize knows the directory. It keeps the path in the repository, so that ".." in a
// kustomization means the same as in the repository, and so that origins can be told.
func (r *remote) link() string {
	return filepath.Join(fmt.Sprintf("%s%03d", remotePrefix, r.number), filepath.FromSlash(r.dir))
}

// split finds the last link in a path, and the path in the repository that follows it.
func (r *remotes) split(path string) (found *remote, inRepository string, ok bool) {
	start := strings.LastIndex(path, remotePrefix)
	if start < 0 {
		return nil, "", false
	}
	digits, rest, _ := strings.Cut(filepath.ToSlash(path[start+len(remotePrefix):]), "/")
	number, err := strconv.Atoi(digits)
	if err != nil || number < 0 || number >= len(r.list) {
		return nil, "", false
	}
	return r.list[number], rest, true
}

// get fetches what a kustomization names, unless it is here already.
func (r *remotes) get(ctx context.Context, spec string, repo repository) *remote {
	if known, ok := r.named[spec]; ok {
		return known
	}
	found := &remote{repository: repo, spec: spec, number: len(r.list)}
	r.named[spec] = found
	r.list = append(r.list, found)
	found.clone, found.err = r.cloneFor(ctx, repo)
	switch {
	case found.err != nil:
	case found.clone.err != nil:
		found.err = found.clone.err
	case found.clone.submodule != "" && repo.submodules:
		found.err = fmt.Errorf("%q is a submodule, and only what a kustomization names is fetched; where it is not needed, "+
			"add submodules=false to the URL", found.clone.submodule)
	default:
		found.path, found.err = found.clone.directory(repo.dir)
	}
	return found
}

func (r *remotes) cloneFor(ctx context.Context, repo repository) (*clone, error) {
	for _, known := range r.clones {
		if known.url == repo.url && known.ref == repo.ref {
			return known, nil
		}
	}
	if len(r.clones) >= r.limits.remotes {
		return nil, fmt.Errorf("%w: the build fetches more than %d repositories", errTooLarge, r.limits.remotes)
	}
	added := &clone{repository: repo}
	r.clones = append(r.clones, added)
	added.err = r.fetch(ctx, added, filepath.Join(r.dir, fmt.Sprintf("clone-%d", len(r.clones))))
	return added, nil
}

// fetch fills a clone within the time that its URL allows and within what the limits leave.
func (r *remotes) fetch(ctx context.Context, c *clone, dir string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, c.timeout,
		fmt.Errorf("git was not done after %s; timeout=… in the URL allows more, up to %s", c.timeout, maxTimeout))
	defer cancel()
	g := git{program: r.program, dir: filepath.Join(dir, "git"), tree: filepath.Join(dir, "tree")}
	if err := os.MkdirAll(g.tree, 0o700); err != nil {
		return fmt.Errorf("make a directory: %s", reason(err))
	}
	if err := g.initialise(ctx); err != nil {
		return err
	}
	ref := c.ref
	if ref == "" {
		ref = "HEAD"
	}
	if err := r.bounded(ctx, g.dir, func(ctx context.Context) error { return g.fetch(ctx, c.url, ref) }); err != nil {
		return err
	}
	files := &listing{budget: &r.spent}
	err := g.list(ctx, files)
	if err == nil {
		err = g.checkout(ctx)
	}
	if err == nil {
		c.commit, c.isTag, err = g.head()
	}
	if err == nil {
		c.tree, err = filepath.EvalSymlinks(g.tree)
	}
	c.submodule = files.submodule
	_ = os.RemoveAll(g.dir) // It is of no more use, and what is left goes with the directory of the build.
	return err
}

// lookAgain is how often the size of a fetch is looked at.
const lookAgain = 100 * time.Millisecond

// bounded stops work that fills a directory with more than the limits leave: git itself knows no such bound.
func (r *remotes) bounded(ctx context.Context, dir string, work func(context.Context) error) error {
	left := r.limits.totalBytes - r.spent.bytes
	tooLarge := fmt.Errorf("%w: git fetches more than %d MiB", errTooLarge, r.limits.totalBytes>>20)
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go func() {
		ticker := time.NewTicker(lookAgain)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				if size(dir) > left {
					stop(tooLarge)
				}
			}
		}
	}()
	err := work(ctx)
	if err == nil && size(dir) > left {
		err = tooLarge
	}
	return err
}

// size adds up the files below a directory, which may come and go meanwhile.
func size(dir string) int64 {
	var total int64
	_ = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // What is gone takes no space.
		}
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() {
			total += info.Size()
		}
		return nil
	})
	return total
}

// directory finds a directory of the repository.
func (c *clone) directory(dir string) (string, error) {
	path, err := c.root().Resolve(filepath.Join(c.tree, filepath.FromSlash(dir)))
	switch {
	case errors.Is(err, reach.ErrOutside):
		return "", fmt.Errorf("%q leads out of the repository", dir)
	case err != nil:
		return "", fmt.Errorf("it has no directory %q", dir)
	}
	info, err := os.Stat(path)
	switch {
	case err != nil || !info.IsDir():
		return "", fmt.Errorf("%q is no directory; only directories with a kustomization are fetched", dir)
	}
	return path, nil
}

// cloneOf returns the clone that a real path is in, or nil.
func (r *remotes) cloneOf(path string) *clone {
	index := slices.IndexFunc(r.clones, func(c *clone) bool { return c.err == nil && reach.Within(c.tree, path) })
	if index < 0 {
		return nil
	}
	return r.clones[index]
}

// show gives a real path in a clone the name that people know.
func (r *remotes) show(path string) (string, bool) {
	c := r.cloneOf(path)
	if c == nil {
		return "", false
	}
	relative, err := filepath.Rel(c.tree, path)
	return c.show(filepath.ToSlash(relative)), err == nil
}

// isMoving reports whether the ref may stand for another commit tomorrow. Tags are meant to stay.
func (c *clone) isMoving() bool { return !c.isTag && !isCommit(c.ref) }
