package build

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/reach"
)

// rootOf is what a kustomization may read: its own clone if it was fetched, its own tree or repository if it is that of a
// profile that the user named, and else what the build may.
func (w *walk) rootOf(dir string) reach.Root {
	if c := w.remotes.cloneOf(dir); c != nil {
		return c.root()
	}
	if t := w.options.treeOf(dir); t != nil {
		return t.root()
	}
	if profile := w.options.Profile; profile != nil && !reach.Within(w.may.Dir, dir) {
		if root, _, err := reach.Of(profile.Path); err == nil && reach.Within(root.Dir, dir) {
			return root
		}
	}
	return w.may
}

// root is all that a kustomization of a clone may read.
func (c *clone) root() reach.Root { return reach.Root{Dir: c.tree, Git: true} }

// errControl refuses names that could put lines into what kustomize writes and into what people read.
var errControl = errors.New("no name has control characters or line breaks")

// real follows a path of a kustomization, without looking at anything that it may not read.
func (w *walk) real(k *kustomization, r reference) (string, error) {
	if strings.ContainsFunc(r.path, unicode.IsControl) {
		return "", errControl
	}
	return w.rootOf(k.dir).Resolve(pathOf(k, r))
}

// pathOf is what a kustomization names, as it is written.
func pathOf(k *kustomization, r reference) string {
	if filepath.IsAbs(r.path) {
		return r.path
	}
	return filepath.Join(k.dir, r.path)
}

// unreadableFrom is the finding for a path that a kustomization names and that cannot be read, or may not be.
func (w *walk) unreadableFrom(k *kustomization, err error, r reference) diag.Finding {
	c := w.remotes.cloneOf(k.dir)
	switch {
	case errors.Is(err, reach.ErrOutside) && c != nil:
		return diag.Finding{
			Code: diag.RemoteSource, Source: r.at, Message: fmt.Sprintf("%.200q leads out of the repository %q", r.path, c.show("")),
		}
	case errors.Is(err, reach.ErrGit) && c != nil:
		return w.unreadable(os.ErrNotExist, r.path, r.at)
	case errors.Is(err, reach.ErrOutside):
		return w.outside(k, r)
	case errors.Is(err, reach.ErrGit):
		f := reach.Finding(w.shown.of(k.dir), err)
		f.Source, f.Message = r.at, fmt.Sprintf("%.200q belongs to git, and is none of the files of the repository", r.path)
		return f
	}
	return w.unreadable(err, r.path, r.at)
}

// outside is the finding for a path that leads out of all that may be read.
func (w *walk) outside(k *kustomization, r reference) diag.Finding {
	f := diag.Finding{Code: diag.OutOfReach, Source: r.at, Try: "put it into the repository"}
	f.Message = fmt.Sprintf("%.200q leads out of the repository", r.path)
	if t := w.options.treeOf(k.dir); t != nil {
		f.Message += ", of which " + strings.TrimSuffix(t.Name, ":") + " is all that is read"
		return f
	}
	may := w.rootOf(k.dir)
	shown := w.shown.of(may.Dir)
	f.Because = []string{may.Describe(shown)}
	if !may.Git {
		f.Message = fmt.Sprintf("%.200q leads out of %q", r.path, shown)
		f.Try += ", or start meshfn in the directory that holds both"
	}
	return f
}
