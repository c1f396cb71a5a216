package security

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLinkedOutput holds that no link of a repository chooses where on the machine is written, and that a link of the user's does.
func TestLinkedOutput(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"build":             {[]string{"build", "app", "--output", "out/rendered"}, "leads out of the repository"},
		"build into it":     {[]string{"build", "app", "--output", "out"}, "leads out of the repository"},
		"to nothing":        {[]string{"build", "app", "--output", "nowhere/rendered"}, "leads out of the repository"},
		"render":            {[]string{"render", "plain", "--output", "out/a/b/c"}, "leads out of the repository"},
		"rendered":          {[]string{"rendered", "app", "--output", "out"}, "leads out of the repository"},
		"a linked app":      {[]string{"rendered", "app", "--output", "rendered"}, "symbolic link"},
		"rendered by force": {[]string{"rendered", "app", "--output", "rendered", "--force"}, "symbolic link"},
		"catalog":           {[]string{"catalog", "app", "--output", "out/secret.yaml"}, "leads out of the repository"},
		"init":              {[]string{"init", "plain", "--output", "out/mesh.yaml"}, "leads out of the repository"},
		"a hook":            {[]string{"catalog", "app", "--output", ".git/hooks/post-checkout"}, "belongs to git"},
		"a link to a hook":  {[]string{"catalog", "app", "--output", "hooks/post-checkout"}, "belongs to git"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := tree(t, map[string]string{
				"victim/secret.yaml": "CANARY", "repo/.git/hooks/README": "", "repo/out": "->../victim", "repo/nowhere": "->../nothing",
				"repo/hooks": "->.git/hooks", "repo/rendered/app": "->../../victim", "repo/plain/web.yaml": aService,
			})
			if err := os.CopyFS(filepath.Join(dir, "repo", "app"), os.DirFS(filepath.Join(repository, "examples", "quickstart"))); err != nil {
				t.Fatal(err)
			}
			before := listing(t, dir)
			got := run(t, filepath.Join(dir, "repo"), test.args...)
			if got.code == 0 || !strings.Contains(got.stderr, test.want) {
				t.Errorf("exit code %d:\n%s", got.code, got.stderr)
			}
			if after := listing(t, dir); after != before {
				t.Errorf("there were\n%s\nand are\n%s", before, after)
			}
			if text, err := os.ReadFile(filepath.Join(dir, "victim", "secret.yaml")); err != nil || string(text) != "CANARY" {
				t.Errorf("it was written over: %s, %v", text, err)
			}
			if err := os.Symlink("victim", filepath.Join(dir, "mine")); err != nil {
				t.Fatal(err)
			}
			if got := run(t, filepath.Join(dir, "repo"), "build", "app", "--output", "../mine/new"); got.code != 0 {
				t.Errorf("a link of the user's: exit code %d:\n%s", got.code, got.stderr)
			}
		})
	}
}
