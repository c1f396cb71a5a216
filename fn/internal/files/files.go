// Package files is the plain-manifest door's way in: YAML files from a file, a directory or standard input, bounded in
// number and size.
package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/reach"
)

// The bounds of what is read.
const (
	MaxFile  = 16 << 20
	MaxTotal = 512 << 20
	MaxFiles = 50_000
)

// Input is what was read: the items, and the text of each file for showing lines of it.
type Input struct {
	Items []*item.Item
	Texts map[string][]byte
	total int
	shown func(path string) string
}

// Read reads a file, every YAML and JSON file below a directory, or standard input for "-".
func Read(path string, stdin io.Reader) (*Input, diag.List, error) {
	in := &Input{Texts: map[string][]byte{}, shown: filepath.ToSlash}
	if path == "-" {
		data, err := io.ReadAll(io.LimitReader(stdin, MaxTotal+1))
		if err != nil {
			return nil, nil, fmt.Errorf("cannot read standard input: %w", err)
		}
		return in, in.orNothing("<stdin>", in.add("<stdin>", data, MaxTotal)), nil
	}
	return in.read(path)
}

// ReadAs reads a file or directory whose files people know by other names than their paths.
func ReadAs(path string, shown func(path string) string) (*Input, diag.List, error) {
	return (&Input{Texts: map[string][]byte{}, shown: shown}).read(path)
}

func (in *Input) read(path string) (*Input, diag.List, error) {
	var info os.FileInfo
	_, real, err := reach.Of(path)
	if err == nil {
		info, err = os.Stat(real)
	}
	switch {
	case errors.Is(err, reach.ErrOutside), errors.Is(err, reach.ErrGit):
		return nil, diag.List{reach.Finding(path, err)}, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, diag.List{{
			Code: diag.NoInput, Source: diag.Source{File: in.shown(path)}, Message: "there is no such file or directory",
			Try: "the name of a file or of a directory of manifests, or - for standard input",
		}}, nil
	case err != nil:
		return nil, nil, fmt.Errorf("cannot read %s: %w", in.shown(path), err)
	case info.IsDir():
		findings, err := in.directory(path)
		return in, in.orNothing(in.shown(path), findings), err
	}
	findings, err := in.file(path)
	return in, in.orNothing(in.shown(path), findings), err
}

// orNothing says that there was nothing to expand, rather than to succeed with empty output.
func (in *Input) orNothing(path string, findings diag.List) diag.List {
	if len(in.Items) > 0 || len(findings) > 0 {
		return findings
	}
	return diag.List{{
		Code: diag.NoInput, Source: diag.Source{File: path}, Message: "it holds no document",
		Try: "name a directory of manifests, with a Mesh beside them to generate anything",
	}}
}

// directory reads every manifest below a directory in the order of their names. A symbolic link is not followed: it could
// lead out of the directory.
func (in *Input) directory(root string) (diag.List, error) {
	var paths, unbuilt []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != root && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case kustomization(entry.Name()):
			unbuilt = append(unbuilt, in.shown(filepath.Dir(path)))
		case entry.Type().IsRegular() && manifest(entry.Name()):
			paths = append(paths, path)
		}
		if len(paths) > MaxFiles {
			return fmt.Errorf("more than %d files", MaxFiles)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", in.shown(root), err)
	}
	slices.Sort(paths)
	findings := notBuilt(in.shown(root), unbuilt)
	for _, path := range paths {
		found, err := in.file(path)
		if err != nil {
			return nil, err
		}
		findings = append(findings, found...)
	}
	return findings, nil
}

// notBuilt says that kustomizations below a directory of manifests are not built, because their overlays and patches then
// look like objects that appear twice.
func notBuilt(root string, unbuilt []string) diag.List {
	if len(unbuilt) == 0 {
		return nil
	}
	slices.Sort(unbuilt)
	return diag.List{{
		Code: diag.NotBuilt, Severity: diag.Warning, Source: diag.Source{File: root},
		Message: fmt.Sprintf("it is read as plain manifests: the kustomizations in it are not built, and their patches count as manifests (%s)",
			diag.OneOf(unbuilt)),
		Try: "name one of these directories, to meshfn build or meshfn check",
	}}
}

// kustomization reports whether a file is one of kustomize's.
func kustomization(name string) bool {
	return name == "kustomization.yaml" || name == "kustomization.yml" || name == "Kustomization"
}

// manifest reports whether a file may hold manifests.
func manifest(name string) bool {
	switch filepath.Ext(name) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return false
}

func (in *Input) file(path string) (diag.List, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read: %w", err)
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("cannot read: %w", err)
	}
	return in.add(in.shown(path), data, MaxFile), nil
}

func (in *Input) add(name string, data []byte, limit int) diag.List {
	in.total += len(data)
	if len(data) > limit || in.total > MaxTotal {
		return diag.List{{
			Code: diag.TooLarge, Source: diag.Source{File: name},
			Message: fmt.Sprintf("the input is larger than %d MiB", min(limit, MaxTotal)>>20),
			Try:     "split it, or leave out files that are not manifests",
		}}
	}
	items, findings := item.Stream(name, data)
	in.Texts[name] = data
	in.Items = append(in.Items, items...)
	return findings
}
