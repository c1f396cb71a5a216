package build

import (
	"fmt"
	"path/filepath"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// confine resolves Options.Within and refuses a kustomization outside of it.
func (o *Options) confine(root string) (*diag.Finding, error) {
	if o.Within == "" {
		return nil, nil
	}
	bound, err := realPath(o.Within)
	if err != nil {
		return nil, fmt.Errorf("find the repository: %w", err)
	}
	if o.Within = bound; within(bound, root) {
		return nil, nil
	}
	f := leaves(o.Dir)
	f.Source = diag.Source{File: o.Dir}
	return f, nil
}

// confined reports whether a path, which is followed only after that, lies in what the build may read.
func (w *walk) confined(dir, path string) bool {
	return w.options.Within == "" || w.remotes.cloneOf(dir) != nil || within(w.options.Within, path)
}

// leaves is the finding for a path that leads out of the repository.
func leaves(path string) *diag.Finding {
	return &diag.Finding{
		Code:    diag.LeavesRepository,
		Message: fmt.Sprintf("%.200q leads out of the repository", path),
		Because: []string{"a server that builds the repositories of many lets none of them read beside itself"},
		Try:     "keep what the build needs in the repository; a path and the links in it may lead up to its root, and not further",
	}
}

// leave reports a path that leads out of the repository.
func (w *walk) leave(path string, at diag.Source) {
	f := leaves(path)
	f.Source = at
	w.add(*f)
}

// realPath is a path from the root of the file system without links.
func realPath(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(abs)
}
