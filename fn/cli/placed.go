package cli

import (
	"context"
	"os"
	"path/filepath"

	"github.com/meshfn/meshfn/fn/internal/build"
	"github.com/meshfn/meshfn/fn/internal/files"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// placed says where the files of a build are, and until when it is wanted.
type placed struct {
	ctx   context.Context //nolint:containedctx // A build is one call, and this is one of its many arguments.
	trees []build.Tree
}

func (p *placed) context() context.Context {
	if p.ctx == nil {
		return context.Background()
	}
	return p.ctx
}

// treeOf returns the tree that a path is in, or nil.
func (p *placed) treeOf(path string) *build.Tree {
	for i := range p.trees {
		if relative, err := filepath.Rel(p.trees[i].Root, path); err == nil && filepath.IsLocal(relative) {
			return &p.trees[i]
		}
	}
	return nil
}

// read reads plain manifests.
func (p *placed) read(process *Process, path string) (*files.Input, diag.List, error) {
	if p.treeOf(path) == nil {
		return files.Read(path, process.Stdin)
	}
	return files.ReadAs(path, func(path string) string {
		if t := p.treeOf(path); t != nil {
			return t.Show(path)
		}
		return filepath.ToSlash(path)
	})
}

// emptyPlace is a build with nothing in it.
const emptyPlace = os.DevNull
