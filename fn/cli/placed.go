package cli

import (
	"context"
	"os"
	"path/filepath"

	"github.com/meshfn/meshfn/fn/internal/build"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/files"
	"github.com/meshfn/meshfn/fn/internal/reach"
)

// placed says where the files of a build are, and until when it is wanted.
type placed struct {
	ctx   context.Context //nolint:containedctx // A build is one call, and this is one of its many arguments.
	trees []build.Tree

	profile *otherProfile // in the place of the one that the build has
}

// otherProfile is a profile that takes the place of the one that a build has.
type otherProfile struct {
	build.Replacement
	git   string // if it may fetch
	times int    // how often it did
}

// place tells a build where its files are, and returns how long it is wanted.
func (p *placed) place(process *Process, o *build.Options) context.Context {
	o.Trees = p.trees
	if p.profile != nil {
		o.Profile = &p.profile.Replacement
	}
	if p.ctx == nil {
		return process.context()
	}
	return p.ctx
}

func (p *placed) replaced(times int) {
	if p.profile != nil {
		p.profile.times = times
	}
}

// treeOf returns the tree that a path is in, or nil.
func (p *placed) treeOf(path string) *build.Tree {
	for i := range p.trees {
		if reach.Within(p.trees[i].Root, path) {
			return &p.trees[i]
		}
	}
	return nil
}

// read reads plain manifests.
func (p *placed) read(process *Process, path string) (*files.Input, diag.List, error) {
	var input *files.Input
	var findings diag.List
	var err error
	if p.treeOf(path) == nil {
		input, findings, err = files.Read(path, process.Stdin)
	} else {
		input, findings, err = files.ReadAs(path, p.shown)
	}
	if err != nil || input == nil || p.profile == nil || findings.HasErrors() {
		return input, findings, err
	}
	found, err := p.withProfile(process, input)
	return input, append(findings, found...), err
}

func (p *placed) shown(path string) string {
	if t := p.treeOf(path); t != nil {
		return t.Show(path)
	}
	return filepath.ToSlash(path)
}

// emptyPlace is a build with nothing in it.
const emptyPlace = os.DevNull
