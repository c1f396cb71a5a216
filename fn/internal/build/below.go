package build

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/item"
)

// Bounds of the look below a directory, which is made to propose something and never has to be complete.
const (
	maxBelowDepth   = 5
	maxBelowEntries = 20_000
	maxBelowFound   = 50
)

// errEnough ends the look.
var errEnough = errors.New("enough")

// Below lists the directories below one that hold a kustomization which can be built, by their paths from there. It follows no
// links and leaves hidden directories out. The list ends where the bounds are reached.
func Below(ctx context.Context, dir string) []string {
	var found []string
	seen := 0
	files := newSnapshot(ctx, discoverLimits())
	_ = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if seen++; seen > maxBelowEntries || len(found) == maxBelowFound || context.Cause(ctx) != nil {
			return errEnough
		}
		if err != nil {
			return nil //nolint:nilerr // A directory that cannot be read is one that cannot be proposed.
		}
		relative, err := filepath.Rel(dir, path)
		switch {
		case err != nil:
			return err
		case relative == ".":
		case entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") || strings.Count(relative, string(filepath.Separator)) >= maxBelowDepth):
			return fs.SkipDir
		case entry.IsDir() && strconv.Quote(entry.Name()) != `"`+entry.Name()+`"`:
			return fs.SkipDir // It will be shown to people.
		case entry.Type().IsRegular() && isKustomizationName(path) && filepath.Dir(relative) != "." && buildable(files, path):
			found = append(found, filepath.ToSlash(filepath.Dir(relative)))
		}
		return nil
	})
	slices.Sort(found)
	return found
}

// buildable leaves out components, which are only parts of other kustomizations.
func buildable(files *snapshot, path string) bool {
	text, err := files.read(path)
	if err != nil {
		return false
	}
	documents, _ := item.Stream("", text)
	return !slices.ContainsFunc(documents, func(it *item.Item) bool { return it.Kind() == "Component" })
}
