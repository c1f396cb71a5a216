package build

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/reach"
)

// Tree is a directory that stands for something people know by another name, such as a revision of a repository. What is in
// it may reach its own files only: beside it lies nothing of the repository.
type Tree struct {
	Root   string                                  // real path
	Name   string                                  // what the names of its files begin with for people
	Absent func(path string) (why string, ok bool) // says why a path has nothing here, where it should have
}

// Show gives a real path in the tree the name that people know.
func (t *Tree) Show(path string) string {
	relative, err := filepath.Rel(t.Root, path)
	if err != nil || relative == "." {
		return t.Name
	}
	return t.Name + filepath.ToSlash(relative)
}

// treeOf returns the tree that a real path is in, or nil.
func (o *Options) treeOf(path string) *Tree {
	for i := range o.Trees {
		if reach.Within(o.Trees[i].Root, path) {
			return &o.Trees[i]
		}
	}
	return nil
}

// root is all that a build in the tree may read.
func (t *Tree) root() reach.Root { return reach.Root{Dir: t.Root, Git: true} }

// refuseAbsent reports a path that has nothing here, although the revision has something there.
func (w *walk) refuseAbsent(path string, at diag.Source) bool {
	t := w.options.treeOf(path)
	if t == nil || t.Absent == nil {
		return false
	}
	why, ok := t.Absent(path)
	if ok {
		w.add(diag.Finding{Code: diag.BuildFailed, Source: at, Message: why})
	}
	return ok
}

// withTreeNames replaces the directories of trees in a text by the names that people know.
func (o *Options) withTreeNames(text string) string {
	for i := range o.Trees {
		t := &o.Trees[i]
		text = strings.ReplaceAll(text, t.Root+string(filepath.Separator), t.Name)
		text = strings.ReplaceAll(text, t.Root, t.Name)
	}
	return text
}

// relocated is the spelling of a path outside of the tree that the build is in.
func relocated(real string) string {
	here, err := filepath.Abs(".")
	if err == nil {
		here, err = filepath.EvalSymlinks(here)
	}
	if relative, errRelative := filepath.Rel(here, real); err == nil && errRelative == nil && filepath.IsLocal(relative) {
		return relative
	}
	return real
}

// checkTrees refuses trees whose real paths are not known.
func (o *Options) checkTrees() error {
	for i := range o.Trees {
		if real, err := filepath.EvalSymlinks(o.Trees[i].Root); err != nil || real != o.Trees[i].Root {
			return fmt.Errorf("the directory of %s must be a real path", o.Trees[i].Name)
		}
	}
	return nil
}
