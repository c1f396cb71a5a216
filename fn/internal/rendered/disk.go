package rendered

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// disk is everything that changes the file system, so that a test can end a run before each step.
type disk struct {
	before     func(step, path string) error
	noExchange bool // the file system is to be one that has none
}

func (d disk) step(what, path string, do func() error) error {
	if d.before != nil {
		if err := d.before(what, path); err != nil {
			return &os.PathError{Op: what, Path: path, Err: err}
		}
	}
	return do()
}

func (d disk) mkdirAll(path string) error {
	return d.step("mkdir", path, func() error { return os.MkdirAll(path, 0o755) }) //nolint:gosec // Manifests are not secret.
}

// write makes a new file, which is on the disk before anybody is told of it.
func (d disk) write(path string, text []byte) (err error) {
	var file *os.File
	err = d.step("create", path, func() (err error) {
		file, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // Manifests are not secret.
		return err
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := d.step("write", path, func() error { _, err := file.Write(text); return err }); err != nil {
		return err
	}
	return d.step("sync", path, file.Sync)
}

func (d disk) link(from, to string) error {
	return d.step("link", to, func() error { return os.Link(from, to) })
}

func (d disk) symlink(target, to string) error {
	return d.step("symlink", to, func() error { return os.Symlink(target, to) })
}

func (d disk) rename(from, to string) error {
	return d.step("rename", to, func() error { return os.Rename(from, to) })
}

func (d disk) exchange(a, b string) error {
	return d.step("exchange", b, func() error {
		if d.noExchange {
			return errors.ErrUnsupported
		}
		return exchange(a, b)
	})
}

func (d disk) remove(path string) error {
	return d.step("remove", path, func() error { return os.Remove(path) })
}

// removeAll removes a tree, with directories in it that nobody may write into.
func (d disk) removeAll(path string) error {
	err := d.step("remove all", path, func() error { return os.RemoveAll(path) })
	if !errors.Is(err, fs.ErrPermission) {
		return err
	}
	err = filepath.WalkDir(path, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			err = d.writable(path)
		}
		return err
	})
	return errors.Join(err, os.RemoveAll(path))
}

// writable lets a directory be emptied that is about to be removed.
func (d disk) writable(dir string) error {
	return d.step("chmod", dir, func() error { return os.Chmod(dir, 0o700) }) //nolint:gosec // It is a directory.
}

// like gives a file or directory the permissions and the time of another.
func (d disk) like(path string, info os.FileInfo) error {
	return d.step("chmod", path, func() error {
		if err := os.Chmod(path, info.Mode()); err != nil {
			return err
		}
		return os.Chtimes(path, time.Time{}, info.ModTime())
	})
}

// flush makes the names in a directory last.
func (d disk) flush(dir string) error {
	return d.step("sync", dir, func() error {
		opened, err := os.Open(dir)
		if err != nil {
			return err
		}
		defer func() { _ = opened.Close() }()
		if err := opened.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) {
			return fmt.Errorf("cannot write to %s: %w", dir, err)
		}
		return nil
	})
}
