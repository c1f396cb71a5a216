// Package reach says which files a run may read: those of the repository that holds what the user named, and none that
// belong to git itself. A repository that nobody trusts must not get at what lies beside it, by ".." or by a link.
package reach

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// The two reasons why a path is out of reach. Neither says whether anything is there.
var (
	ErrOutside = errors.New("it leads out of the directory that this run may read")
	ErrGit     = errors.New("it is a file of git, which may hold credentials, and none of the repository")
)

// maxLinks is how many symbolic links a path may go through, as for Linux.
const maxLinks = 40

// Root is the directory below which everything may be read.
type Root struct {
	Dir string // real path
	Git bool   // it is what git has checked out, rather than where the run began
}

// Of finds the root for a file or directory as the user named it, and its real path. The root is the innermost directory
// around it that git has checked out. Where git has checked out nothing, it is the working directory if that holds the
// path, and else the path itself. The path is looked at as it is written: a link in a repository must not choose the root.
func Of(path string) (root Root, real string, err error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return Root{}, "", err
	}
	here, err := filepath.Abs(".")
	if err != nil {
		return Root{}, "", err
	}
	top, below := "", "" // the root as it is written, and the path below it
	for _, dir := range ancestors(abs) {
		at, err := root.place(dir, top)
		if err != nil {
			return root, "", err
		}
		_, err = os.Lstat(filepath.Join(at, ".git"))
		began := root.Dir == "" && dir == here && filepath.Dir(here) != here // The directory of everything is nobody's.
		if err != nil && !began {
			continue
		}
		if root.Dir == "" {
			real, failed := filepath.EvalSymlinks(dir)
			if failed != nil {
				return root, "", failed
			}
			at = real
		}
		top, below = dir, strings.TrimPrefix(abs, dir)
		root = Root{Dir: at, Git: err == nil}
	}
	if root.Dir == "" {
		root.Dir, err = filepath.EvalSymlinks(abs)
		return root, root.Dir, err
	}
	real, err = root.Resolve(filepath.Join(root.Dir, below))
	return root, real, err
}

// place is where a directory is, as far as a root is known, which is written as top: a link that leads out of it is not
// followed, not even to see whether something is there.
func (r Root) place(dir, top string) (string, error) {
	if r.Dir == "" {
		return dir, nil
	}
	return r.Resolve(filepath.Join(r.Dir, strings.TrimPrefix(dir, top)))
}

// ancestors are the directories that hold a path, and the path itself, the outermost first.
func ancestors(abs string) []string {
	parent := filepath.Dir(abs)
	if parent == abs {
		return []string{abs}
	}
	return append(ancestors(parent), abs)
}

// Within reports whether a clean path lies in or below a directory.
func Within(dir, path string) bool {
	relative, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(relative)
}

// Resolve follows the links of an absolute path and returns its real one. It looks at nothing out of reach, not even
// whether it exists.
func (r Root) Resolve(path string) (string, error) {
	links := 0
	rest := filepath.Clean(path)
	for {
		if !Within(r.Dir, rest) {
			return "", ErrOutside
		}
		link, target, err := r.firstLink(rest)
		if err != nil || link == "" {
			return rest, err
		}
		if links++; links > maxLinks {
			return "", &fs.PathError{Op: "open", Path: path, Err: errors.New("too many symbolic links")}
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(link), target)
		}
		rest = filepath.Join(target, strings.TrimPrefix(rest, link))
	}
}

// firstLink finds the first symbolic link in a path below the root.
func (r Root) firstLink(path string) (link, target string, err error) {
	relative, err := filepath.Rel(r.Dir, path)
	if err != nil || relative == "." {
		return "", "", err
	}
	at := r.Dir
	for element := range strings.SplitSeq(relative, string(filepath.Separator)) {
		if strings.EqualFold(element, ".git") {
			return "", "", ErrGit
		}
		at = filepath.Join(at, element)
		info, err := os.Lstat(at)
		if err != nil {
			return "", "", err
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			target, err = os.Readlink(at)
			return at, target, err
		}
	}
	return "", "", nil
}
