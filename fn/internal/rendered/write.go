package rendered

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
)

func errBusy(dir string) error {
	return fmt.Errorf("another run writes into %s; try again when it has ended", dir)
}

// Write makes the directory what it should be, unless a file is refused. Where nothing changes it writes nothing at all.
func (t *Target) Write(apps []App) (plan *Plan, err error) {
	plan, err = t.Look(apps)
	if err != nil || len(plan.Refused()) > 0 || !plan.Pending() && !t.leftOver() {
		return plan, err
	}
	if err := t.mkdirAll(t.Dir); err != nil {
		return plan, fmt.Errorf("cannot write to %s: %w", t.Dir, err)
	}
	unlock, err := lock(t.Dir)
	if err != nil {
		return plan, err
	}
	defer unlock()
	if err := t.recover(); err != nil {
		return plan, err
	}
	// Somebody may have been here before the lock was.
	plan, err = t.Look(apps)
	if err != nil || len(plan.Refused()) > 0 || !plan.Pending() {
		return plan, err
	}
	if err := t.all(plan); err != nil {
		return plan, errors.Join(fmt.Errorf("cannot write to %s: %w", t.Dir, err), t.recover())
	}
	return plan, t.recover()
}

// all fills every directory before the first one takes its place, so that a full disk is found in time.
func (t *Target) all(plan *Plan) error {
	if err := t.mkdirAll(t.work()); err != nil {
		return err
	}
	if err := t.write(t.work(".gitignore"), []byte("*\n")); err != nil { // A run that is killed leaves nothing to commit.
		return err
	}
	for _, kind := range []string{"stage", "ready", "old"} {
		if err := t.mkdirAll(t.work(kind)); err != nil {
			return err
		}
	}
	for _, change := range plan.Changes {
		if !change.Pending() {
			continue
		}
		if err := t.stage(change); err != nil {
			return err
		}
	}
	for _, change := range plan.Changes {
		if err := t.swap(change); err != nil {
			return err
		}
		change.Done = true
	}
	return nil
}

// swap puts a filled directory into the place of an application's.
func (t *Target) swap(c *Change) error {
	if !c.Pending() {
		return nil
	}
	live, ready := t.at(c.Name), t.work("ready", c.Name)
	if err := t.rename(t.work("stage", c.Name), ready); err != nil {
		return err
	}
	if !c.exists {
		if err := t.mkdirAll(filepath.Dir(live)); err != nil {
			return err
		}
		return errors.Join(t.rename(ready, live), t.flush(filepath.Dir(live)))
	}
	gone := ready
	err := t.exchange(ready, live)
	if errors.Is(err, errors.ErrUnsupported) {
		gone = t.work("old", c.Name)
		err = t.renameTwice(ready, live, gone)
	}
	if err != nil {
		return err
	}
	if err := t.flush(filepath.Dir(live)); err != nil {
		return err
	}
	if c.Pruned {
		if err := t.removeEmpty(c.Name); err != nil {
			return err
		}
	}
	return t.dispose(gone, live, c.seen)
}

// renameTwice is for file systems without an exchange. A run that ends between the two is completed by the next one.
func (t *Target) renameTwice(ready, live, old string) error {
	if err := t.rename(live, old); err != nil {
		return err
	}
	if err := t.rename(ready, live); err != nil {
		return errors.Join(err, t.rename(old, live))
	}
	return nil
}

// removeEmpty removes the directory of an application that is gone, and those above it that hold nothing else.
func (t *Target) removeEmpty(name string) error {
	for ; name != "."; name = path.Dir(name) {
		err := t.remove(t.at(name))
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if entries, _ := os.ReadDir(t.at(name)); len(entries) > 0 {
			return nil
		}
		return err
	}
	return nil
}

// work is a path where a run works. The name of an application is one element of it.
func (t *Target) work(parts ...string) string {
	elements := []string{t.Dir, workDir}
	for _, part := range parts {
		elements = append(elements, url.PathEscape(part))
	}
	return filepath.Join(elements...)
}

// leftOver reports whether an earlier run ended before its end.
func (t *Target) leftOver() bool {
	_, err := os.Lstat(t.work())
	return !errors.Is(err, fs.ErrNotExist)
}
