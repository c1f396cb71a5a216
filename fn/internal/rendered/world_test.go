//go:build unix

package rendered

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// These tests begin with two applications that an earlier run wrote, and files of other people among them. Then shop changes in
// every way, billing is new, and old is gone.

func before() []App {
	return []App{
		{"shop", map[string][]byte{"same.yaml": []byte("same\n"), "changes.yaml": []byte("old\n"), "goes.yaml": []byte("goes\n")}},
		{"deep/old", map[string][]byte{"a.yaml": []byte("a\n"), "b.yaml": []byte("b\n")}},
	}
}

func after() []App {
	return []App{
		{"shop", map[string][]byte{"same.yaml": []byte("same\n"), "changes.yaml": []byte("new\n"), "comes.yaml": []byte("comes\n")}},
		{"team/billing", map[string][]byte{"bill.yaml": []byte("bill\n")}},
	}
}

// foreign are the files of other people.
func foreign() map[string]string {
	return map[string]string{
		"README":                 "hello\n",
		"shop/NOTES":             "notes\n",
		"shop/theirs.yaml":       "theirs\n",
		"shop/sub/dir/deep.txt":  "deep\n",
		"shop/sub/.hidden":       "hidden\n",
		"other/manifest.yaml":    "other\n",
		"team/OWNERS":            "team\n",
		".github/workflows/x.md": "x\n",
	}
}

func world(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(fast(t), "out")
	if _, err := New(dir).Write(before()); err != nil {
		t.Fatal(err)
	}
	for name, text := range foreign() {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("NOTES", filepath.Join(dir, "shop", "link")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "shop", "sub", "dir"), 0o750); err != nil {
		t.Fatal(err)
	}
	return dir
}

// fast is a directory in memory where there is one: these tests wait for the disk hundreds of times.
func fast(t *testing.T) string {
	t.Helper()
	const memory = "/dev/shm"
	if info, err := os.Stat(memory); err != nil || !info.IsDir() {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(memory, "rendered-") //nolint:usetesting // That one is on the disk.
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// target is the one that every test writes.
func target(dir string) *Target {
	t := New(dir)
	t.Prune = true
	return t
}

// holds compares what meshfn wrote into a directory with an application; nil stands for nothing.
func holds(dir string, app *App) error {
	text, err := os.ReadFile(filepath.Join(dir, IndexName))
	if app == nil {
		if err == nil {
			return fmt.Errorf("%s is there", dir)
		}
		return nil
	}
	if err != nil {
		return err
	}
	if got := string(text); got != string(writeIndex(app.Files)) {
		return fmt.Errorf("the index of %s is\n%s", dir, got)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var names []string
	for _, entry := range entries {
		switch entry.Name() {
		case IndexName, "NOTES", "theirs.yaml", "sub", "link":
		default:
			names = append(names, entry.Name())
		}
	}
	if wanted := slices.Sorted(maps.Keys(app.Files)); !slices.Equal(names, wanted) {
		return fmt.Errorf("%s holds %v, not %v", dir, names, wanted)
	}
	for name, wanted := range app.Files {
		if text, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(text) != string(wanted) {
			return fmt.Errorf("%s in %s is %q, %w", name, dir, text, err)
		}
	}
	return nil
}

// either holds that each application is entirely as it was or as it should be.
func either(t *testing.T, dir string) {
	t.Helper()
	b, a := before(), after()
	for _, one := range []struct {
		name          string
		before, after *App
	}{{"shop", &b[0], &a[0]}, {"deep/old", &b[1], nil}, {"team/billing", nil, &a[1]}} {
		path := filepath.Join(dir, filepath.FromSlash(one.name))
		old, fresh := holds(path, one.before), holds(path, one.after)
		if old != nil && fresh != nil {
			t.Errorf("%s is neither: not as before, because %v; not as after, because %v", one.name, old, fresh)
		}
	}
	untouched(t, dir)
}

// finished holds that everything is as it should be, and that nothing else is there.
func finished(t *testing.T, dir string) {
	t.Helper()
	a := after()
	for _, app := range a {
		if err := holds(filepath.Join(dir, filepath.FromSlash(app.Name)), &app); err != nil {
			t.Error(err)
		}
	}
	untouched(t, dir)
	known := map[string]bool{".github": true, "README": true, "shop": true, "other": true, "team": true}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !known[entry.Name()] {
			t.Errorf("%s is left", entry.Name())
		}
	}
}

// untouched holds that the files of other people are as they were.
func untouched(t *testing.T, dir string) {
	t.Helper()
	for name, text := range foreign() {
		path := filepath.Join(dir, filepath.FromSlash(name))
		got, err := os.ReadFile(path)
		if err != nil || string(got) != text {
			t.Errorf("%s is now %q, %v", name, got, err)
			continue
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
			t.Errorf("%s has other permissions: %v, %v", name, info.Mode(), err)
		}
	}
	if to, err := os.Readlink(filepath.Join(dir, "shop", "link")); err != nil || to != "NOTES" {
		t.Errorf("the link leads to %q, %v", to, err)
	}
	if info, err := os.Stat(filepath.Join(dir, "shop", "sub", "dir")); err != nil || info.Mode().Perm() != 0o750 {
		t.Errorf("the directory has other permissions: %v", err)
	}
}

// state is every path below a directory with its time and its inode, as Git and watchers know it.
func state(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		all[strings.TrimPrefix(path, dir)] = fmt.Sprintf("%v %v %v", info.Mode(), info.ModTime(), info.Sys().(*syscall.Stat_t).Ino)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
