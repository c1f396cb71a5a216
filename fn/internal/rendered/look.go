package rendered

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// look compares a directory with what an application wants there. Without files the application is no longer there.
func (t *Target) look(app App, found []string) (*Change, error) {
	c := &Change{Name: app.Name, Pruned: app.Files == nil, seen: map[string]string{}}
	if refusal, err := t.inTheWay(app.Name, found); err != nil || refusal != nil {
		if refusal != nil {
			c.Refused = append(c.Refused, *refusal)
		}
		return c, err
	}
	entries, err := os.ReadDir(t.at(app.Name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("cannot read: %w", err)
	}
	c.exists = err == nil
	indexed, old, err := t.index(c)
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(union(app.Files, indexed))) {
		if err := t.lookAt(c, name, app.Files, indexed); err != nil {
			return nil, err
		}
	}
	if !c.Pruned {
		c.files = maps.Clone(app.Files)
		c.files[IndexName] = writeIndex(app.Files)
	}
	c.Reindexed = !bytes.Equal(old, c.files[IndexName])
	c.others(t, entries, indexed)
	return c, nil
}

func union(files map[string][]byte, indexed map[string]string) map[string]bool {
	all := map[string]bool{}
	for name := range files {
		all[name] = true
	}
	for name := range indexed {
		all[name] = true
	}
	return all
}

// lookAt decides about one file.
func (t *Target) lookAt(c *Change, name string, files map[string][]byte, indexed map[string]string) error {
	want, wanted := files[name]
	sum, ours := indexed[name]
	file := t.at(c.Name, name)
	info, err := os.Lstat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if wanted {
			c.Written = append(c.Written, name)
		}
		return nil
	case err != nil:
		return fmt.Errorf("cannot read: %w", err)
	case info.IsDir() && wanted:
		c.refuse(file, "is a directory, and a file of this name would be written", "move it away")
		return nil
	case info.IsDir():
		return nil // It stands where a file of ours was.
	}
	have, err := fingerprint(file, info)
	switch {
	case err != nil:
		return fmt.Errorf("cannot read: %w", err)
	case wanted && have == digest(want): // Whoever wrote it.
		c.Unchanged = append(c.Unchanged, name)
		return nil
	case !t.Force && !ours:
		c.refuse(file, "is there, and meshfn did not write it", "move it away, or replace it with --force")
		return nil
	case !t.Force && have != sum:
		c.refuse(file, "was changed since meshfn wrote it",
			"bring the change into the application, then take it back here, or write over it with --force")
		return nil
	}
	c.seen[name] = have
	if wanted {
		c.Written = append(c.Written, name)
	} else {
		c.Removed = append(c.Removed, name)
	}
	return nil
}

func (c *Change) refuse(path, why, try string) {
	c.Refused = append(c.Refused, Refusal{path, why, try})
}

// index reads what an earlier run wrote.
func (t *Target) index(c *Change) (indexed map[string]string, text []byte, err error) {
	file := t.at(c.Name, IndexName)
	info, err := os.Lstat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err == nil && !info.Mode().IsRegular() {
		c.refuse(file, "is not a file, and the list of what meshfn wrote is kept there", "move it away")
		return nil, nil, nil
	}
	if text, err = os.ReadFile(file); err != nil {
		return nil, nil, fmt.Errorf("cannot read: %w", err)
	}
	indexed, bad := readIndex(text)
	if bad > 0 && !t.Force {
		c.refuse(file, fmt.Sprintf("%d of its lines say nothing of a file, so it is not known what meshfn wrote here", bad),
			"restore it; with --force the other lines count, which is right after a merge with conflicts")
	}
	return indexed, text, nil
}

// others finds what is not meshfn's: manifests are applied with the rest, and a repository cannot be replaced.
func (c *Change) others(t *Target, entries []os.DirEntry, indexed map[string]string) {
	for _, entry := range entries {
		name := entry.Name()
		_, ours := indexed[name]
		if _, wanted := c.files[name]; ours || wanted || name == IndexName {
			continue
		}
		if name == ".git" && entry.IsDir() && c.Pending() {
			c.refuse(t.at(c.Name), "is a Git repository of its own, and its directory would be replaced by another",
				"name the repository with --output, so that the applications are directories in it")
		}
		switch filepath.Ext(name) {
		case ".yaml", ".yml", ".json":
			c.Others = append(c.Others, name)
		}
	}
}

// inTheWay finds what cannot be replaced by a directory: a link, a file, or the directory of another application.
func (t *Target) inTheWay(name string, found []string) (*Refusal, error) {
	for _, other := range found {
		if within(name, other) || within(other, name) {
			inner, outer := name, other
			if within(other, name) {
				inner, outer = other, name
			}
			return &Refusal{
				t.at(other), fmt.Sprintf("is what meshfn wrote for an application, and the directory %s would be inside of %s", inner, outer),
				"give one of them another name, or remove the directory that is out of date",
			}, nil
		}
	}
	at := ""
	for part := range strings.SplitSeq(name, "/") {
		at = path.Join(at, part)
		info, err := os.Lstat(t.at(at))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, nil
		case err != nil:
			return nil, fmt.Errorf("cannot read: %w", err)
		case info.Mode()&fs.ModeSymlink != 0:
			return &Refusal{t.at(at), "is a symbolic link, and a directory of meshfn would take its place or be written elsewhere", "remove it, or name the application NAME=DIR"}, nil
		case !info.IsDir():
			return &Refusal{t.at(at), "is a file, and a directory of this name would be written", "move it away, or name the application NAME=DIR"}, nil
		}
	}
	return nil, nil
}
