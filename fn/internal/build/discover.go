package build

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/fn/runtime/runtimeutil"
	"sigs.k8s.io/yaml"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/reach"
)

// discoverLimits are far less than what a build may read: a server asks this of every application, meshfn's or not.
func discoverLimits() limits {
	return limits{fileBytes: 4 << 20, totalBytes: 64 << 20, files: 2_000}
}

// Discover looks for meshfn in a kustomization: for the first document of meshfn, or entry that runs it, in the files that
// the kustomization reaches. It returns the file as it is named below repository, or "". It builds and fetches nothing, and
// follows no path and no link out of repository. What is wrong with a file is left to the build, except for the bounds.
func Discover(ctx context.Context, dir, repository string) (string, error) {
	root, err := filepath.EvalSymlinks(repository)
	if err == nil {
		root, err = filepath.Abs(root)
	}
	if err != nil {
		return "", errors.New(reason(err))
	}
	s := &search{files: newSnapshot(ctx, discoverLimits()), root: root, visited: map[string]bool{}}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	found := s.directory(abs)
	if found == "" {
		return "", s.stopped
	}
	return filepath.Rel(root, found)
}

// search is one look at an application.
type search struct {
	files   *snapshot
	root    string
	visited map[string]bool
	stopped error // the bounds, or the context, end the search
}

// directory looks through a kustomization. The entries that run functions come first: they are few and say the most.
func (s *search) directory(path string) string {
	dir, ok := s.follow(path)
	if !ok || s.visited[dir] {
		return ""
	}
	s.visited[dir] = true
	for _, name := range konfig.RecognizedKustomizationFileNames() {
		path, ok := s.follow(filepath.Join(dir, name))
		if !ok {
			continue
		}
		text, ok := s.read(path)
		if !ok {
			return ""
		}
		var content types.Kustomization
		if content.Unmarshal(text) != nil {
			return s.beside(dir) // Nobody knows what it is made of. The build says what is wrong, if it is asked.
		}
		entries := slices.Concat(content.Transformers, content.Generators, content.Validators)
		if found := s.each(dir, path, entries, isEntryOfOurs); found != "" {
			return found
		}
		operands := slices.Concat(content.Resources, content.Bases, content.Components) //nolint:staticcheck // still honoured
		return s.each(dir, path, operands, isOurs)
	}
	return ""
}

// beside looks through the files beside a kustomization that cannot be read.
func (s *search) beside(dir string) string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return ""
	}
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		if s.stopped != nil || !entry.Type().IsRegular() || !slices.Contains([]string{".yaml", ".yml"}, filepath.Ext(path)) {
			continue
		}
		if text, ok := s.read(path); ok && holds(text, isEntryOfOurs) {
			return path
		}
	}
	return ""
}

// each looks through the elements of a field: documents, files or directories. What would have to be fetched stays unknown.
func (s *search) each(dir, kustomization string, elements []string, ours func(*item.Item) bool) string {
	for _, element := range elements {
		switch path, ok := s.follow(filepath.Join(dir, element)); {
		case s.stopped != nil:
			return ""
		case strings.Contains(strings.TrimSpace(element), "\n"):
			if holds([]byte(element), ours) {
				return kustomization
			}
		case !ok || looksRemote(element):
		case isDirectory(path):
			if found := s.directory(path); found != "" {
				return found
			}
		default:
			if text, ok := s.read(path); ok && holds(text, ours) {
				return path
			}
		}
	}
	return ""
}

// follow resolves the links in a path, which must stay in the repository all the way, and outside of what belongs to git.
func (s *search) follow(path string) (string, bool) {
	real, err := reach.Root{Dir: s.root}.Resolve(path)
	return real, err == nil
}

func (s *search) read(path string) ([]byte, bool) {
	text, err := s.files.read(path)
	if exceeded := s.files.budget.exceeded(); exceeded != nil {
		s.stopped = exceeded
	} else if cause := context.Cause(s.files.ctx); cause != nil {
		s.stopped = cause
	}
	return text, err == nil
}

func isDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// holds reports whether a text has a document of meshfn. One that cannot be read counts by what it says of itself, so that
// the build can say what is wrong with it.
func holds(text []byte, ours func(*item.Item) bool) bool {
	documents, findings := item.Stream("", text)
	if slices.ContainsFunc(documents, ours) {
		return true
	}
	broken := len(findings) > 0 || slices.ContainsFunc(documents, func(it *item.Item) bool { return it.Check() != nil })
	return broken && regexp.MustCompile(`(?m)^["']?apiVersion["']?:\s*["']?`+regexp.QuoteMeta(v1alpha1.Group)+`/`).Match(text)
}

func isOurs(it *item.Item) bool { return it.Group() == v1alpha1.Group }

// isEntryOfOurs recognises what an entry runs as meshfn, of whatever kind it is.
func isEntryOfOurs(it *item.Item) bool {
	if isOurs(it) {
		return true
	}
	text, _ := it.Annotation(runtimeutil.FunctionAnnotationKey)
	var function runtimeutil.FunctionSpec
	if yaml.Unmarshal([]byte(text), &function) != nil {
		return false
	}
	return isOurImage(function.Container.Image) || isOurExecutable(function.Exec.Path)
}
