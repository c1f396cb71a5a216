package rendered

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
)

// recover clears away what a run left behind, and ends what it began. What is in stage was on its way in: it holds nothing that
// is not elsewhere too. What is in ready or old has been replaced, or was ready to replace and did not.
func (t *Target) recover() error {
	if !t.leftOver() {
		return nil
	}
	if info, err := os.Lstat(t.work()); err != nil || !info.IsDir() {
		return fmt.Errorf("%s is not a directory, and meshfn works there: move it away", t.work())
	}
	if err := t.removeAll(t.work("stage")); err != nil {
		return err
	}
	if err := t.each("old", t.finish); err != nil {
		return err
	}
	if err := t.each("ready", t.clear); err != nil {
		return err
	}
	for _, path := range []string{t.work("old"), t.work("ready"), t.work(".gitignore"), t.work()} {
		if err := t.remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("cannot clear away what an earlier run left: %w", err)
		}
	}
	return nil
}

// finish ends what was begun where there is no exchange: the directory was moved away, and the other one not yet put there.
func (t *Target) finish(old, name string) error {
	live, ready := t.at(name), t.work("ready", name)
	_, err := os.Lstat(live)
	_, err2 := os.Lstat(ready)
	if errors.Is(err, fs.ErrNotExist) && err2 == nil {
		if err := t.rename(ready, live); err != nil {
			return fmt.Errorf("cannot end what an earlier run began: %w", err)
		}
	}
	return t.clear(old, name)
}

// clear removes a directory that has been replaced, or was about to replace.
func (t *Target) clear(gone, name string) error {
	if _, err := os.Lstat(t.at(name, IndexName)); errors.Is(err, fs.ErrNotExist) {
		if err := t.removeEmpty(name); err != nil { // It may be that of an application that was just removed.
			return err
		}
	}
	return t.dispose(gone, t.at(name), nil)
}

func (t *Target) each(kind string, do func(path, name string) error) error {
	entries, err := os.ReadDir(t.work(kind))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, entry := range entries {
		name, err := url.PathUnescape(entry.Name())
		if err != nil || !entry.IsDir() {
			return fmt.Errorf("%s is not meshfn's: move it away", filepath.Join(t.work(kind), entry.Name()))
		}
		if err := do(filepath.Join(t.work(kind), entry.Name()), name); err != nil {
			return err
		}
	}
	return nil
}

// dispose removes a directory that was replaced: the files that meshfn wrote, by the index in it and by their digests, and those
// that the new directory has too. Whatever somebody put there in between is not lost: it moves over. The index goes last,
// because the next run needs it when this one ends early.
func (t *Target) dispose(gone, live string, seen map[string]string) error {
	indexed := indexOf(gone)
	replaced := indexOf(live)
	entries, err := os.ReadDir(gone)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name := entry.Name()
		path := filepath.Join(gone, name)
		sum, inOld := indexed[name]
		_, inNew := replaced[name]
		switch {
		case name == IndexName:
			continue
		case !entry.IsDir() && (t.Force && (inOld || inNew) || has(path, sum) || has(path, seen[name])):
			err = t.remove(path)
		default:
			err = t.settle(path, filepath.Join(live, name))
		}
		if err != nil {
			return err
		}
	}
	if err := t.remove(filepath.Join(gone, IndexName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return t.remove(gone)
}

// indexOf lists what meshfn wrote into a directory, as far as its index can be read.
func indexOf(dir string) map[string]string {
	text, err := os.ReadFile(filepath.Join(dir, IndexName))
	if err != nil {
		return nil
	}
	indexed, _ := readIndex(text)
	return indexed
}

// has reports whether a file is still the one of a fingerprint.
func has(path, sum string) bool {
	info, err := os.Lstat(path)
	if sum == "" || err != nil {
		return false
	}
	have, err := fingerprint(path, info)
	return err == nil && have == sum
}

// settle removes what is elsewhere too, and moves what is not.
func (t *Target) settle(gone, live string) error {
	a, err := os.Lstat(gone)
	if err != nil {
		return err
	}
	b, err := os.Lstat(live)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := t.mkdirAll(filepath.Dir(live)); err != nil {
			return err
		}
		return t.rename(gone, live)
	case err != nil:
		return err
	case a.IsDir() && b.IsDir():
		return t.settleDirectory(gone, live)
	case same(gone, live, a, b):
		return t.remove(gone)
	}
	return fmt.Errorf("%s was changed while the directory was replaced, and is kept as %s: move it away, or run again with --force", live, gone)
}

func (t *Target) settleDirectory(gone, live string) error {
	if err := t.writable(gone); err != nil {
		return err
	}
	entries, err := os.ReadDir(gone)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if err := t.settle(filepath.Join(gone, entry.Name()), filepath.Join(live, entry.Name())); err != nil {
			return err
		}
	}
	return t.remove(gone)
}

func same(one, other string, a, b os.FileInfo) bool {
	switch {
	case os.SameFile(a, b):
		return true
	case a.Mode().Type() != b.Mode().Type():
		return false
	case a.Mode()&fs.ModeSymlink != 0:
		first, err := os.Readlink(one)
		second, err2 := os.Readlink(other)
		return err == nil && err2 == nil && first == second
	case !a.Mode().IsRegular() || a.Size() != b.Size():
		return false
	}
	first, err := os.ReadFile(one)
	second, err2 := os.ReadFile(other)
	return err == nil && err2 == nil && bytes.Equal(first, second)
}
