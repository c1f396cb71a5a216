package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/meshfn/meshfn/fn/internal/build"
	"github.com/meshfn/meshfn/fn/internal/revision"
)

// place is where a side of a comparison, an application or a profile is.
type place struct {
	name string          // as people call it
	path string          // on this machine; empty where nothing is
	rev  *revision.Place // if it is in a revision
}

// places finds what words on the command line mean. The repository of the working directory is opened for the first word that
// names a revision.
type places struct {
	ctx  context.Context //nolint:containedctx // It lives as long as one command.
	repo *revision.Repository
	kept func() bool // takes back that an interrupted command ends soon
	all  []*revision.Place
}

// untilEnd is how long a command that has to end may take for an orderly end: it may wait for somebody to write to standard
// input. Soon after that the process ends.
const untilEnd = time.Second

func (p *places) repository() (*revision.Repository, error) {
	if p.repo != nil {
		return p.repo, nil
	}
	repo, err := revision.Open(p.ctx)
	if err != nil {
		return nil, err
	}
	p.repo = repo
	p.kept = context.AfterFunc(p.ctx, func() {
		time.Sleep(untilEnd)
		_ = repo.Close()
	})
	return repo, nil
}

// close removes what was written.
func (p *places) close() error {
	if p.repo == nil {
		return nil
	}
	p.kept()
	return p.repo.Close()
}

// find finds a place. What exists as a path is that path, also where it could be a revision.
func (p *places) find(word string) (*place, error) {
	if spec, ok := p.revision(word); ok {
		return p.inRevision(spec, spec.Rev)
	}
	if _, err := os.Stat(word); err == nil || word == "-" {
		return &place{name: word, path: word}, nil
	}
	return &place{name: word}, p.refuseBareRevision(word)
}

// revision reads a word that means a place in a revision.
func (p *places) revision(word string) (revision.Spec, bool) {
	if _, err := os.Lstat(word); err == nil || word == "-" {
		return revision.Spec{}, false
	}
	return revision.Parse(word)
}

func (p *places) inRevision(spec revision.Spec, name string) (*place, error) {
	repo, err := p.repository()
	if err != nil {
		return nil, asUsage(fmt.Errorf("there is no path %q, and as a place in a revision: %w", spec.Rev+":"+spec.Path, err))
	}
	found, err := repo.Find(p.ctx, spec, name)
	if err != nil {
		return nil, asUsage(err)
	}
	return p.add(found), nil
}

func (p *places) add(found *revision.Place) *place {
	p.all = append(p.all, found)
	return &place{name: found.String(), path: found.Real, rev: found}
}

// refuseBareRevision says what is missing where a word names a revision and no place in it.
func (p *places) refuseBareRevision(word string) error {
	repo, err := p.repository()
	if err != nil || !repo.Knows(p.ctx, word) {
		return nil //nolint:nilerr // It is a path that does not exist, and that is said elsewhere.
	}
	return usageError{fmt.Errorf("%q is a revision, and not a place in one: write %s:PATH, with the path from the root of the repository, "+
		"or %s:./PATH", word, word, word)}
}

// asUsage makes a usage error of what only the person who typed it can correct.
func asUsage(err error) error {
	if _, ok := errors.AsType[revision.Mistake](err); ok {
		return usageError{err}
	}
	return err
}

// mergeBase replaces the revision of OLD by the commit at which it and NEW parted, as git diff --merge-base does.
func (p *places) mergeBase(from, to string) (*place, error) {
	old, ok := p.revision(from)
	if !ok {
		return nil, usageError{fmt.Errorf("--merge-base needs a revision as OLD, such as main:app, and %q is a path", from)}
	}
	newer := "HEAD"
	if spec, ok := p.revision(to); ok {
		newer = spec.Rev
	}
	repo, err := p.repository()
	if err != nil {
		return nil, asUsage(err)
	}
	base, err := repo.MergeBase(p.ctx, old.Rev, newer)
	if err != nil {
		return nil, asUsage(err)
	}
	short, err := repo.Short(p.ctx, base)
	if err != nil {
		return nil, err
	}
	return p.inRevision(revision.Spec{Rev: base, Path: old.Path}, short)
}

// below finds a directory below a place.
func (p *places) below(parent *place, dir string) (*place, error) {
	if parent.name == emptyPlace {
		return parent, nil
	}
	if parent.rev != nil {
		found, err := parent.rev.Below(filepath.ToSlash(dir))
		if err != nil {
			return nil, asUsage(err)
		}
		return p.add(found), nil
	}
	at := &place{name: filepath.Join(parent.name, dir)}
	if _, err := os.Stat(at.name); err == nil {
		at.path = at.name
	}
	return at, nil
}

// inRepository is the path of a place from the root of the repository of the working directory.
func (p *places) inRepository(at *place) (string, bool) {
	switch {
	case at.rev != nil:
		return at.rev.Path, true
	case p.repo == nil:
		return "", false
	}
	return p.repo.PathOf(at.name)
}

// missing decides what a pair of places means of which one does not exist: an application that is new or gone has nothing
// there. Both are needed to tell that from a path that is misspelled.
func (p *places) missing(pair [2]*place) error {
	for i, at := range pair {
		other := pair[1-i]
		if at.path != "" || at.name == emptyPlace {
			continue
		}
		if other.path == "" {
			return usageError{fmt.Errorf("neither %s nor %s exists", pair[0].name, pair[1].name)}
		}
		mine, known := p.inRepository(at)
		its, itsKnown := p.inRepository(other)
		switch {
		case at.rev == nil && (other.rev == nil || !known || mine != its):
			return usageError{fmt.Errorf("%s does not exist; name a directory, a file, or %s for a build with nothing in it", at.name, emptyPlace)}
		case at.rev == nil || !itsKnown || mine == its:
		default:
			if found, err := at.rev.At(its); err == nil && found.Real != "" {
				return usageError{fmt.Errorf("%s does not exist, and %s does, which is where %s is; a path begins at the root of the "+
					"repository, or with ./ at the working directory", at.name, found, other.name)}
			}
		}
	}
	return nil
}

// trees are the directories that hold revisions, as a build knows them.
func (p *places) trees() []build.Tree {
	var out []build.Tree
	for _, at := range p.all {
		t := at.Tree
		if !slices.ContainsFunc(out, func(known build.Tree) bool { return known.Root == t.Root }) {
			out = append(out, build.Tree{Root: t.Root, Name: t.Name, Absent: t.AbsentAt})
		}
	}
	return out
}

// wholly refuses plain manifests that a revision does not have all of.
func (at *place) wholly() error {
	if at.rev == nil || kustomized(at.path) {
		return nil
	}
	for _, absent := range at.rev.AbsentBelow(at.path) {
		why, _ := at.rev.AbsentAt(filepath.Join(at.rev.Root, filepath.FromSlash(absent)))
		if ext := path.Ext(absent); ext == "" || slices.Contains([]string{".yaml", ".yml", ".json"}, strings.ToLower(ext)) {
			return fmt.Errorf("%s is not complete: %s", at.name, why)
		}
	}
	return nil
}
