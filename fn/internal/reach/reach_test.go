package reach

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// tree makes files, and links where the content begins with an arrow.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	top, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		path := filepath.Join(top, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if target, isLink := cut(content); isLink {
			err = os.Symlink(target, path)
		} else {
			err = os.WriteFile(path, []byte(content), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return top
}

func cut(content string) (string, bool) {
	if len(content) > 2 && content[:2] == "->" {
		return content[2:], true
	}
	return "", false
}

// TestOf finds the root for what the user named, whatever links the repository holds.
func TestOf(t *testing.T) {
	top := tree(t, map[string]string{
		"repo/.git/config":       "token",
		"repo/app/a":             "",
		"repo/vendored/.git":     "gitdir: elsewhere",
		"repo/vendored/app/a":    "",
		"repo/here":              "->app",
		"repo/there":             "->../other",
		"repo/parts":             "->../plain",
		"other/.git/config":      "token",
		"other/a":                "",
		"plain/app/a":            "",
		"plain/link":             "->../other",
		"plain/one/two/three/a":  "",
		"elsewhere/link-to-repo": "->../repo",
	})
	for _, test := range []struct{ cwd, path, root, real string }{
		{"repo", "app", "repo", "repo/app"},
		{"repo/app", ".", "repo", "repo/app"},
		{"plain", "../repo/app", "repo", "repo/app"},
		{"repo", "here", "repo", "repo/app"},
		{"repo", "vendored/app", "repo/vendored", "repo/vendored/app"},
		{"repo", "there", "", ""},
		{"repo", "there/a", "", ""},
		{"repo", "parts/app", "", ""},
		{"plain", "app", "plain", "plain/app"},
		{"plain", "link", "", ""},
		{"plain/one", "two", "plain/one", "plain/one/two"},
		{"plain/one", "two/three/a", "plain/one", "plain/one/two/three/a"},
		{"plain/one", "../app", "plain/app", "plain/app"},
		{"plain/one", "../app/a", "plain/app/a", "plain/app/a"},
		{"plain", "../elsewhere/link-to-repo/app", "repo", "repo/app"},
	} {
		t.Run(test.cwd+" "+test.path, func(t *testing.T) {
			t.Chdir(filepath.Join(top, test.cwd))
			root, real, err := Of(test.path)
			if test.root == "" {
				if !errors.Is(err, ErrOutside) {
					t.Errorf("root %q, real path %q, error %v", root.Dir, real, err)
				}
				return
			}
			if err != nil || root.Dir != filepath.Join(top, test.root) || real != filepath.Join(top, test.real) {
				t.Errorf("root %q, real path %q, error %v", root.Dir, real, err)
			}
		})
	}
	t.Run("everything", func(t *testing.T) {
		t.Chdir("/")
		if root, _, err := Of(filepath.Join(top, "plain", "app")); err != nil || root.Dir != filepath.Join(top, "plain", "app") {
			t.Errorf("root %q, error %v", root.Dir, err)
		}
	})
}

// TestResolve follows links as long as they stay, and says nothing about what is outside.
func TestResolve(t *testing.T) {
	top := tree(t, map[string]string{
		"repo/app/a":          "",
		"repo/.git/config":    "token",
		"repo/base/b":         "",
		"repo/app/base":       "->../base",
		"repo/app/loop":       "->loop",
		"repo/app/out":        "->../../secret",
		"repo/app/nothing":    "->../../nothing",
		"repo/app/back":       "->../../repo/base",
		"repo/app/token":      "->../.git/config",
		"repo/app/root":       "->/",
		"secret":              "s",
		"repo/app/chain":      "->base",
		"repo/app/deep/x/y":   "->../../chain/b",
		"repo/sub/.GIT/hooks": "",
	})
	root := Root{Dir: filepath.Join(top, "repo")}
	for _, test := range []struct {
		path, want string
		err        error
	}{
		{"app/a", "app/a", nil},
		{"app/base/b", "base/b", nil},
		{"app/deep/x/y", "base/b", nil},
		{".", ".", nil},
		{"app/../base", "base", nil},
		{"app/out", "", ErrOutside},
		{"app/nothing", "", ErrOutside},
		{"app/back", "base", nil},
		{"app/root/etc/hostname", "", ErrOutside},
		{"../secret", "", ErrOutside},
		{"../nothing", "", ErrOutside},
		{"app/token", "", ErrGit},
		{".git/config", "", ErrGit},
		{".git/nothing", "", ErrGit},
		{"sub/.GIT/hooks", "", ErrGit},
		{"app/missing", "", os.ErrNotExist},
	} {
		got, err := root.Resolve(filepath.Join(root.Dir, test.path))
		if !errors.Is(err, test.err) || test.err == nil && got != filepath.Join(root.Dir, test.want) {
			t.Errorf("%s: %q, %v", test.path, got, err)
		}
	}
	if got, err := root.Resolve(filepath.Join(root.Dir, "app/loop")); err == nil {
		t.Errorf("a link to itself is %q", got)
	}
}
