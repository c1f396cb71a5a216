package build

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// errReadOnly answers what kustomize would only ask for a remote repository or another of its commands.
var errReadOnly = errors.New("not supported: the build only reads files")

// view is the file system that one run of kustomize sees, and the only way by which it gets to files. A kustomization
// file that was not rewritten does not exist in it, under whatever name or link it is reached, and neither does any
// other file that was not read and checked before.
type view struct {
	files          *snapshot // what was checked
	budget         *budget   // counts repeated reads too: a chain of doubled bases grows exponentially
	kustomizations map[string][]byte
	entries        map[string]config
	links          map[string]string // names that stand for fetched directories, and their real paths
	render         func(config) ([]byte, error)
}

var _ filesys.FileSystem = (*view)(nil)

func isKustomizationName(path string) bool {
	return slices.Contains(konfig.RecognizedKustomizationFileNames(), filepath.Base(path))
}

// ReadFile serves rewritten kustomizations and entries from memory, other files from the snapshot.
func (v *view) ReadFile(path string) ([]byte, error) {
	if err := context.Cause(v.files.ctx); err != nil {
		return nil, err
	}
	content, err := v.content(path)
	if err != nil {
		return nil, err
	}
	return content, v.budget.spend(len(content))
}

func (v *view) content(path string) ([]byte, error) {
	if content, ok := v.kustomizations[path]; ok {
		return content, nil
	}
	if c, ok := v.entries[path]; ok {
		return v.render(c)
	}
	if isKustomizationName(path) {
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}
	if content, ok := v.files.contents[path]; ok {
		return content, nil
	}
	return nil, fmt.Errorf("kustomize asks for %q, which was not checked", path)
}

// CleanedAbs splits a path into its real directory and file name. The name of a kustomization file is kept instead of
// the name of the file that it may link to, because that name is what makes kustomize read it as one.
func (v *view) CleanedAbs(path string) (filesys.ConfirmedDir, string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", "", fmt.Errorf("make %q absolute: %w", path, err)
	}
	if dir, ok := v.links[abs]; ok {
		return filesys.ConfirmedDir(dir), "", nil
	}
	if v.isServed(abs) {
		return filesys.ConfirmedDir(filepath.Dir(abs)), filepath.Base(abs), nil
	}
	if isKustomizationName(abs) {
		return "", "", &fs.PathError{Op: "lstat", Path: abs, Err: fs.ErrNotExist}
	}
	real, err := filepath.EvalSymlinks(abs)
	if err != nil {
		return "", "", fmt.Errorf("follow links of %q: %w", path, err)
	}
	if v.IsDir(real) {
		return filesys.ConfirmedDir(real), "", nil
	}
	return filesys.ConfirmedDir(filepath.Dir(real)), filepath.Base(real), nil
}

func (v *view) isServed(path string) bool {
	_, isKustomization := v.kustomizations[path]
	_, isEntry := v.entries[path]
	return isKustomization || isEntry
}

// IsDir reports whether the path is a directory.
func (v *view) IsDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// Exists reports whether kustomize could read the path.
func (v *view) Exists(path string) bool {
	_, _, err := v.CleanedAbs(path)
	return err == nil
}

// The rest of the interface is not used by a build.

// Create is refused.
func (v *view) Create(string) (filesys.File, error) { return nil, errReadOnly }

// Mkdir is refused.
func (v *view) Mkdir(string) error { return errReadOnly }

// MkdirAll is refused.
func (v *view) MkdirAll(string) error { return errReadOnly }

// RemoveAll is refused.
func (v *view) RemoveAll(string) error { return errReadOnly }

// Open is refused, because it would hand out a file without a bound.
func (v *view) Open(string) (filesys.File, error) { return nil, errReadOnly }

// ReadDir is refused.
func (v *view) ReadDir(string) ([]string, error) { return nil, errReadOnly }

// Glob is refused.
func (v *view) Glob(string) ([]string, error) { return nil, errReadOnly }

// WriteFile is refused.
func (v *view) WriteFile(string, []byte) error { return errReadOnly }

// Walk is refused.
func (v *view) Walk(string, filepath.WalkFunc) error { return errReadOnly }
