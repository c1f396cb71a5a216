//go:build unix

package rendered

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRefused holds that what somebody else changed or wrote is named and stays, and what --force makes of it.
func TestRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change       func(shop string) error
		refused      string // the file, and why
		never        bool   // --force does not help
		after, other string // what --force leaves of a file
	}{
		"changed": {
			change: func(shop string) error {
				return os.WriteFile(filepath.Join(shop, "changes.yaml"), []byte("mine\n"), 0o600)
			},
			refused: "changes.yaml was changed since meshfn wrote it", after: "changes.yaml", other: "new\n",
		},
		"changed, and to be removed": {
			change: func(shop string) error {
				return os.WriteFile(filepath.Join(shop, "goes.yaml"), []byte("mine\n"), 0o600)
			},
			refused: "goes.yaml was changed since meshfn wrote it", after: "goes.yaml",
		},
		"a file in the way": {
			change: func(shop string) error {
				return os.WriteFile(filepath.Join(shop, "comes.yaml"), []byte("mine\n"), 0o600)
			},
			refused: "comes.yaml is there, and meshfn did not write it", after: "comes.yaml", other: "comes\n",
		},
		"a link in the way": {
			change:  func(shop string) error { return os.Symlink("NOTES", filepath.Join(shop, "comes.yaml")) },
			refused: "comes.yaml is there, and meshfn did not write it", after: "comes.yaml", other: "comes\n",
		},
		"a link in place of a file": {
			change: func(shop string) error {
				file := filepath.Join(shop, "changes.yaml")
				return errors.Join(os.Rename(file, filepath.Join(shop, "sub", "x")), os.Symlink("sub/x", file))
			},
			refused: "changes.yaml was changed since meshfn wrote it", after: "changes.yaml", other: "new\n",
		},
		"a directory in the way": {
			change:  func(shop string) error { return os.Mkdir(filepath.Join(shop, "comes.yaml"), 0o700) },
			refused: "comes.yaml is a directory", never: true,
		},
		"an index after a merge": {
			change: func(shop string) error {
				file := filepath.Join(shop, IndexName)
				text, err := os.ReadFile(file)
				return errors.Join(err, os.WriteFile(file, []byte("<<<<<<< ours\n"+string(text)+"=======\n>>>>>>> theirs\n"), 0o600))
			},
			refused: IndexName + " 3 of its lines say nothing of a file", after: "goes.yaml",
		},
		"an index that leads elsewhere": {
			change: func(shop string) error {
				return os.WriteFile(filepath.Join(shop, IndexName), []byte(digest([]byte("hello\n"))+"  ../README\n"), 0o600)
			},
			refused: IndexName + " 1 of its lines say nothing of a file", after: "../README", other: "hello\n",
		},
		"an index that is a directory": {
			change: func(shop string) error {
				return errors.Join(os.Remove(filepath.Join(shop, IndexName)), os.Mkdir(filepath.Join(shop, IndexName), 0o700))
			},
			refused: IndexName + " is not a file", never: true,
		},
		"a repository": {
			change:  func(shop string) error { return os.Mkdir(filepath.Join(shop, ".git"), 0o700) },
			refused: "shop is a Git repository of its own", never: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := world(t)
			if err := c.change(filepath.Join(dir, "shop")); err != nil {
				t.Fatal(err)
			}
			earlier := state(t, dir)
			plan, err := target(dir).Write(after())
			if err != nil || len(plan.Refused()) == 0 {
				t.Fatalf("it is not refused: %v", err)
			}
			first := plan.Refused()[0]
			if got := filepath.Base(first.Path) + " " + first.Why; !strings.HasPrefix(got, c.refused) || first.Try == "" {
				t.Errorf("it says %s, try %s", got, first.Try)
			}
			if later := state(t, dir); !maps.Equal(earlier, later) {
				t.Errorf("refused, and it was\n%v\nand is\n%v", earlier, later)
			}
			forced := target(dir)
			forced.Force = true
			plan, err = forced.Write(after())
			if err != nil || (len(plan.Refused()) > 0) != c.never {
				t.Fatalf("with --force: %v %v", err, plan.Refused())
			}
			untouched(t, dir)
			if c.never {
				return
			}
			if text, err := os.ReadFile(filepath.Join(dir, "shop", c.after)); string(text) != c.other || (err == nil) != (c.other != "") {
				t.Errorf("%s is %q, %v", c.after, text, err)
			}
			if _, err := os.Lstat(filepath.Join(dir, workDir)); err == nil {
				t.Error("something is left")
			}
		})
	}
}

// TestGoodEnough holds what is no reason to refuse: a file that is gone, one that is what it should be, and one that was so before.
func TestGoodEnough(t *testing.T) {
	dir := world(t)
	shop := filepath.Join(dir, "shop")
	if err := errors.Join(
		os.Remove(filepath.Join(shop, "goes.yaml")), os.Remove(filepath.Join(shop, "same.yaml")),
		os.WriteFile(filepath.Join(shop, "changes.yaml"), []byte("new\n"), 0o600),
		os.WriteFile(filepath.Join(shop, "comes.yaml"), []byte("comes\n"), 0o600),
	); err != nil {
		t.Fatal(err)
	}
	want := "shop +[same.yaml] -[] =[changes.yaml comes.yaml] beside [theirs.yaml]\nleft [deep/old]\n"
	if got := write(t, New(dir), after()[:1]); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestInTheWay holds that a directory is never written through a link, over a file, or into or around that of another
// application.
func TestInTheWay(t *testing.T) {
	for name, c := range map[string]struct{ app, wanted string }{
		"a link":                {"link", "is a symbolic link"},
		"a link above":          {"link/app", "is a symbolic link"},
		"a file":                {"README", "is a file"},
		"a file above":          {"README/app", "is a file"},
		"inside an application": {"shop/inner", "is what meshfn wrote for an application, and the directory shop/inner would be inside of shop"},
		"around an application": {"deep", "is what meshfn wrote for an application, and the directory deep/old would be inside of deep"},
		"a place of its own":    {"new/app", ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := world(t)
			if err := os.Symlink(t.TempDir(), filepath.Join(dir, "link")); err != nil {
				t.Fatal(err)
			}
			plan, err := New(dir).Write([]App{{c.app, map[string][]byte{"a.yaml": []byte("a\n")}}})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, refused := range plan.Refused() {
				got += refused.Why
			}
			if c.wanted == "" && got != "" || !strings.Contains(got, c.wanted) {
				t.Errorf("it says %q", got)
			}
		})
	}
}
