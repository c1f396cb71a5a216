package revision

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Tree is a revision whose files were written.
type Tree struct {
	Name   string            // what its files begin with for people: main:
	Root   string            // real path of the directory that holds them
	Absent map[string]string // what could not be written, by real path, and why
}

// limits bound what is written for one revision.
type limits struct {
	files     int
	bytes     int64
	fileBytes int64 // a larger file is written with its size only: no build reads it
}

func defaultLimits() limits { return limits{files: 100_000, bytes: 512 << 20, fileBytes: 16 << 20} }

// Place is a place in a revision, as it was found.
type Place struct {
	*Tree
	Path string // from the root of the repository, with slashes; "." for the root
	Real string // real path of what was written; empty where the revision has nothing of this name
}

// String is the place as git writes it.
func (p *Place) String() string { return p.Name + strings.TrimPrefix(p.Path, ".") }

// Find writes the revision, unless it was written before, and finds the place in it. A place that does not exist is no
// error: the application is new, or gone.
func (r *Repository) Find(ctx context.Context, spec Spec, name string) (*Place, error) {
	if err := spec.check(); err != nil {
		return nil, err
	}
	if r.top == "" && strings.HasPrefix(spec.Path, ".") {
		return nil, mistake("%q begins at the working directory, which is in no working tree of git; write the path from the "+
			"root of the repository", spec.Rev+":"+spec.Path)
	}
	path, err := spec.from(r.prefix)
	if err != nil {
		return nil, err
	}
	hash, err := r.resolve(ctx, spec.Rev, "tree")
	if err != nil {
		return nil, err
	}
	tree, err := r.tree(ctx, hash, name)
	if err != nil {
		return nil, fmt.Errorf("cannot read revision %q: %w", spec.Rev, err)
	}
	place := &Place{Tree: &Tree{Name: name + ":", Root: tree.Root, Absent: tree.Absent}, Path: path}
	place.Real, err = tree.find(path)
	if err != nil {
		return nil, Mistake{fmt.Errorf("%q: %w", place.String(), err)}
	}
	return place, nil
}

// find gives the real path of a place, which is empty where there is none.
func (t *Tree) find(path string) (string, error) {
	typed := filepath.Join(t.Root, filepath.FromSlash(path))
	if reason, ok := t.AbsentAt(typed); ok {
		return "", errors.New(reason)
	}
	real, err := filepath.EvalSymlinks(typed)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case err != nil:
		return "", errors.New("its links lead nowhere")
	case !within(t.Root, real):
		return "", errors.New("its links lead out of the repository")
	}
	return real, nil
}

// AbsentAt says why a path has nothing here that the revision has.
func (t *Tree) AbsentAt(path string) (string, bool) {
	for absent, reason := range t.Absent {
		if within(absent, path) {
			return reason, true
		}
	}
	return "", false
}

// AbsentBelow lists what a directory should hold and does not, by path from the root of the repository.
func (t *Tree) AbsentBelow(dir string) []string {
	var out []string
	for absent := range t.Absent {
		if relative, err := filepath.Rel(t.Root, absent); err == nil && within(dir, absent) {
			out = append(out, filepath.ToSlash(relative))
		}
	}
	slices.Sort(out)
	return out
}

func within(dir, path string) bool {
	relative, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(relative)
}

// tree writes a tree into a directory of its own, once.
func (r *Repository) tree(ctx context.Context, hash, name string) (*Tree, error) {
	if known := r.trees[hash]; known != nil {
		return known, nil
	}
	t := &Tree{Name: name + ":", Root: filepath.Join(r.dir, fmt.Sprintf("tree-%d", len(r.trees))), Absent: map[string]string{}}
	if err := os.Mkdir(t.Root, 0o700); err != nil {
		return nil, err
	}
	if err := r.write(ctx, hash, t); err != nil {
		return nil, err
	}
	r.trees[hash] = t
	return t, nil
}

// At finds another place in the same revision.
func (p *Place) At(path string) (*Place, error) {
	real, err := p.find(path)
	if err != nil {
		return nil, Mistake{fmt.Errorf("%s%s: %w", p.Name, path, err)}
	}
	return &Place{Tree: p.Tree, Path: path, Real: real}, nil
}

// Below finds a place below this one.
func (p *Place) Below(dir string) (*Place, error) {
	whole, err := Spec{Rev: strings.TrimSuffix(p.Name, ":"), Path: p.Path + "/" + dir}.from("")
	if err != nil {
		return nil, err
	}
	return p.At(whole)
}
