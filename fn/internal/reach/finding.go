package reach

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Below is what a run may read when somebody has said so, and the real path of what the user named in it.
func Below(dir, path string) (root Root, real string, err error) {
	root.Dir, err = filepath.EvalSymlinks(dir)
	if err == nil {
		root.Dir, err = filepath.Abs(root.Dir)
	}
	if err != nil {
		return root, "", err
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return root, "", err
	}
	if top, err := filepath.Abs(dir); err == nil && Within(top, abs) {
		relative, err := filepath.Rel(top, abs)
		if err != nil {
			return root, "", err
		}
		abs = filepath.Join(root.Dir, relative)
	}
	real, err = root.Resolve(abs)
	return root, real, err
}

// Holds reports whether a path leads into the root. One that does not exist does when it is written so.
func (r Root) Holds(path string) bool {
	real, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		_, err = r.Resolve(filepath.Clean(path))
		return errors.Is(err, fs.ErrNotExist)
	}
	return err == nil && Within(r.Dir, real)
}

// Describe says which directory may be read, under the name that people know, and why that one.
func (r Root) Describe(shown string) string {
	if r.Git {
		return fmt.Sprintf("only files of the repository are read, which is %q", shown)
	}
	return fmt.Sprintf("only files below %q are read, where it began: git has checked out nothing around it", shown)
}

// Finding is about a file or directory that the user named and that may not be read.
func Finding(path string, err error) diag.Finding {
	f := diag.Finding{
		Code: diag.OutOfReach, Source: diag.Source{File: filepath.ToSlash(path)},
		Message: "it is a link, or lies behind one, that leads out of the repository",
		Because: []string{"whoever wrote the repository would choose what is read of this machine"},
		Try:     "name the directory or file that it leads to",
	}
	if errors.Is(err, ErrGit) {
		f.Message = "it belongs to git, and is none of the files of the repository"
		f.Because = []string{"what git keeps for itself can hold credentials"}
		f.Try = "name files of the repository"
	}
	return f
}
