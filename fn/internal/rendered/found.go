package rendered

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
)

// found lists the applications that an earlier run wrote, by the index that is in the directory of each. There is no list of
// them anywhere else: it could not change together with a directory.
func (t *Target) found() ([]string, error) {
	var names []string
	root, err := filepath.EvalSymlinks(t.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", t.Dir, err)
	}
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) && path != root:
			return nil // It is gone, or nobody could have written into it.
		case err != nil:
			return err
		case entry.IsDir() && path != root && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case entry.Name() == IndexName && !entry.IsDir():
			name, err := filepath.Rel(root, filepath.Dir(path))
			if err != nil {
				return err
			}
			names = append(names, filepath.ToSlash(name))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", t.Dir, err)
	}
	return names, nil
}
