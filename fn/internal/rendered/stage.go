package rendered

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// stage fills the directory that will take the place of an application's. Files that stay are the same files, by another
// link, so that neither Git nor anything that watches times sees a change in them.
func (t *Target) stage(c *Change) error {
	fresh := t.work("stage", c.Name)
	if err := t.mkdirAll(fresh); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(c.files)) {
		live, to := t.at(c.Name, name), filepath.Join(fresh, name)
		if slices.Contains(c.Unchanged, name) || name == IndexName && !c.Reindexed {
			if t.link(live, to) == nil {
				continue // Otherwise it is written: its owner may be somebody else, or the file system has no links.
			}
		}
		if err := t.write(to, c.files[name]); err != nil {
			return err
		}
	}
	if c.exists {
		if err := t.carryOthers(c, fresh); err != nil {
			return err
		}
	}
	return t.flush(fresh)
}

// carryOthers takes along what is in the directory and not meshfn's, and the permissions of the directory.
func (t *Target) carryOthers(c *Change, fresh string) error {
	entries, err := os.ReadDir(t.at(c.Name))
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if c.owns(entry.Name()) {
			continue
		}
		if err := t.carry(t.at(c.Name, entry.Name()), filepath.Join(fresh, entry.Name())); err != nil {
			return fmt.Errorf("%w; it is not meshfn's and has to stay: move it away", err)
		}
	}
	info, err := os.Stat(t.at(c.Name))
	if err != nil {
		return err
	}
	return t.step("chmod", fresh, func() error { return os.Chmod(fresh, info.Mode()) })
}

// owns reports whether a file of the directory is replaced or removed.
func (c *Change) owns(name string) bool {
	_, wanted := c.files[name]
	_, goes := c.seen[name]
	return wanted || goes || name == IndexName
}

// carry takes along what somebody else put into the directory: a file by another link, a directory with what is in it.
func (t *Target) carry(from, to string) error {
	info, err := os.Lstat(from)
	if err != nil {
		return err
	}
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := os.Readlink(from)
		if err != nil {
			return err
		}
		return t.symlink(target, to)
	case info.IsDir():
		return t.carryDirectory(from, to, info)
	}
	err = t.link(from, to)
	if err == nil || !info.Mode().IsRegular() {
		return err
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := t.write(to, text); err != nil {
		return err
	}
	return t.like(to, info)
}

func (t *Target) carryDirectory(from, to string, info os.FileInfo) error {
	if err := t.mkdirAll(to); err != nil {
		return err
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if err := t.carry(filepath.Join(from, entry.Name()), filepath.Join(to, entry.Name())); err != nil {
			return err
		}
	}
	return t.like(to, info)
}
