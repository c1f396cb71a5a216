package pipelines

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// request is a clone with a base, and a change of it that somebody asks to merge.
type request struct{ dir, base, head string }

// newRequest has two applications in its base. The change is made in the working tree and committed.
func newRequest(t *testing.T, changed func(dir string)) request {
	t.Helper()
	r := request{dir: t.TempDir()}
	for name, example := range map[string]string{"apps/shop/overlays/prod": "quickstart", "apps/billing": "workers"} {
		if err := os.CopyFS(filepath.Join(r.dir, name), os.DirFS(filepath.Join(repository, "examples", example))); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(r.dir, ".github/workflows/mesh.yml"), read(t, filepath.Join(repository, "examples/pipelines/github.yml")))
	write(t, filepath.Join(r.dir, "templates/meshfn.yml"), read(t, filepath.Join(repository, "templates/meshfn.yml")))
	// The example includes the template from where it is published.
	example := read(t, filepath.Join(repository, "examples/pipelines/gitlab.yml"))
	const remote = "remote: https://raw.githubusercontent.com/meshfn/meshfn/v0.1/"
	if !strings.Contains(example, remote) {
		t.Fatalf("the example does not include the template:\n%s", example)
	}
	write(t, filepath.Join(r.dir, ".gitlab-ci.yml"), strings.ReplaceAll(example, remote, "local: "))
	must(t, r.dir, "git", "init", "--quiet", "--initial-branch", "main")
	must(t, r.dir, "git", "remote", "add", "origin", "https://git.example.com/team/apps.git")
	r.base = r.commit(t, "The base")
	changed(r.dir)
	r.head = r.commit(t, "The change")
	return r
}

func (r *request) commit(t *testing.T, message string) string {
	t.Helper()
	must(t, r.dir, "git", "add", "--all")
	must(t, r.dir, "git", "commit", "--quiet", "--message", message)
	return strings.TrimSpace(must(t, r.dir, "git", "rev-parse", "HEAD"))
}

// The changes that somebody asks to merge.
func longer(t *testing.T) func(string) {
	return func(dir string) {
		change(t, filepath.Join(dir, "apps/shop/overlays/prod/mesh.yaml"), "timeout: 5s", "timeout: 7s")
	}
}

func broken(t *testing.T) func(string) {
	return func(dir string) {
		change(t, filepath.Join(dir, "apps/shop/overlays/prod/mesh.yaml"), "timeout: 5s", "timeout: 5")
	}
}

// unsafe moves a host to another gateway.
func unsafe(t *testing.T) func(string) {
	return func(dir string) {
		app := filepath.Join(dir, "apps/shop/overlays/prod")
		change(t, filepath.Join(app, "mesh.yaml"), "        public:\n", "        internal:\n")
		change(t, filepath.Join(app, "profile.yaml"), "    public:\n      selector: {istio: ingressgateway}\n",
			"    internal:\n      selector: {istio: internalgateway}\n")
	}
}
