package pipelines

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestPreCommit runs each hook of this repository in another one.
func TestPreCommit(t *testing.T) {
	t.Setenv("PRE_COMMIT_HOME", t.TempDir())
	t.Setenv("GOMODCACHE", strings.TrimSpace(must(t, repository, "go", "env", "GOMODCACHE")))
	hooks := t.TempDir() // a commit of what is here, because pre-commit clones it
	must(t, repository, "git", "clone", "--quiet", "--no-hardlinks", ".", hooks)
	write(t, filepath.Join(hooks, ".pre-commit-hooks.yaml"), read(t, filepath.Join(repository, ".pre-commit-hooks.yaml")))
	must(t, hooks, "git", "add", "--all")
	must(t, hooks, "git", "commit", "--quiet", "--allow-empty", "--message", "as it is here")
	for _, id := range []string{"meshfn-check", "meshfn-check-docker"} {
		t.Run(id, func(t *testing.T) {
			r := newRequest(t, longer(t))
			write(t, filepath.Join(r.dir, ".pre-commit-config.yaml"), strings.NewReplacer("HOOKS", hooks, "ID", id,
				"COMMIT", strings.TrimSpace(must(t, hooks, "git", "rev-parse", "HEAD"))).Replace(`repos:
- repo: HOOKS
  rev: COMMIT
  hooks:
  - id: ID
    args: [apps/shop/overlays/prod]
`))
			r.commit(t, "The hooks")
			contains(t, must(t, r.dir, "pre-commit", "run", "--all-files", "--verbose"), "Passed", "checked apps/shop/overlays/prod: 0 errors")
			change(t, filepath.Join(r.dir, "apps/shop/overlays/prod/mesh.yaml"), "7s", "5")
			must(t, r.dir, "git", "add", "--all")
			output, err := run(t, r.dir, "pre-commit", "run")
			if err == nil {
				t.Error("a broken Mesh is committed")
			}
			contains(t, output, "apps/shop/overlays/prod/mesh.yaml:11:16: error:")
		})
	}
}
