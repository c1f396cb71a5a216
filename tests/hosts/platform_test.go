package hosts

import (
	"io"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// publish makes the platform's directories of the examples a bare repository in a directory, with two versions. In the second,
// small sidecars
// are larger.
func publish(t *testing.T, beside string) (bare string) {
	t.Helper()
	work := t.TempDir()
	for _, name := range []string{"mesh", "mesh-eu", "mesh-component"} {
		copyInto(t, filepath.Join("examples", "platform", name), filepath.Join(work, name))
	}
	commit(t, work, "v1")
	edit(t, filepath.Join(work, "mesh", "profile.yaml"), "memory: 64Mi", "memory: 96Mi")
	commit(t, work, "v2")
	bare = filepath.Join(beside, "platform.git")
	run(t, ".", "git", "clone", "--quiet", "--bare", work, bare).must(t)
	return bare
}

func copyInto(t *testing.T, from, to string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(to, os.DirFS(filepath.Join(repository, from))); err != nil {
		t.Fatal(err)
	}
}

// edit replaces a text of a file.
func edit(t *testing.T, path, from, to string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), from, to, 1)
	if changed == string(text) {
		t.Fatalf("%s has no %q", path, from)
	}
	if err := os.WriteFile(path, []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
}

// serve answers git over http on this machine.
func serve(t *testing.T, bare string) (url string) {
	t.Helper()
	programs := strings.TrimSpace(run(t, ".", "git", "--exec-path").must(t))
	server := httptest.NewServer(&cgi.Handler{
		Path:   filepath.Join(programs, "git-http-backend"),
		Stderr: io.Discard, // It complains of what kustomize tries first, a download of the URL as a file.
		Env: []string{
			"GIT_PROJECT_ROOT=" + filepath.Dir(bare), "GIT_HTTP_EXPORT_ALL=1",
			"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*",
		},
	})
	t.Cleanup(server.Close)
	return server.URL
}

// TestUpgrade names the platform's directory in a repository, at one version and then at the next. The pull request that
// raises the tag shows in the application's build what the platform has changed, and nothing else.
func TestUpgrade(t *testing.T) {
	machine := t.TempDir() // Only repositories beside the application can be named by file://.
	bare := publish(t, machine)
	for scheme, url := range map[string]string{"file": "file://" + bare, "http": serve(t, bare) + "/platform.git"} {
		t.Run(scheme, func(t *testing.T) {
			root := filepath.Join(machine, scheme)
			for _, name := range []string{"shop", "billing"} {
				copyInto(t, filepath.Join("examples", "platform", name), filepath.Join(root, name))
				edit(t, filepath.Join(root, name, "kustomization.yaml"), "- ../mesh ", "- "+url+"//mesh?ref=v1")
			}
			for name, want := range map[string]string{
				"shop":    "-        sidecar.istio.io/proxyMemory: 64Mi\n+        sidecar.istio.io/proxyMemory: 96Mi\n-        sidecar.istio.io/proxyMemory: 64Mi\n+        sidecar.istio.io/proxyMemory: 96Mi\n",
				"billing": "-        sidecar.istio.io/proxyMemory: 64Mi\n+        sidecar.istio.io/proxyMemory: 96Mi\n", // One of its workloads is off.
			} {
				before := same(t, machine, filepath.Join(scheme, name))
				expected, err := os.ReadFile(filepath.Join(repository, "examples", "platform", name, "expected.yaml"))
				if diff := cmp.Diff(string(expected), before); err != nil || diff != "" {
					t.Errorf("%v, from a repository (- example, + got):\n%s", err, diff)
				}
				edit(t, filepath.Join(root, name, "kustomization.yaml"), "?ref=v1", "?ref=v2")
				if got := changed(t, before, same(t, machine, filepath.Join(scheme, name))); got != want {
					t.Errorf("%s: raising the tag changes\n%s\nand not\n%s", name, got, want)
				}
			}
		})
	}
}

// same builds with kustomize and the container, and with meshfn itself, which give the same bytes.
func same(t *testing.T, root, name string) string {
	t.Helper()
	want := run(t, root, "kustomize", append(containerFlags, name)...).must(t)
	if diff := cmp.Diff(want, run(t, root, "meshfn", "build", "--allow-remote", name).must(t)); diff != "" {
		t.Errorf("meshfn build differs (- kustomize with the container, + meshfn build):\n%s", diff)
	}
	return want
}

// changed lists the lines that a reviewer sees.
func changed(t *testing.T, before, after string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"before": before, "after": after} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var lines strings.Builder
	for line := range strings.Lines(run(t, dir, "git", "diff", "--no-index", "--unified=0", "before", "after").stdout) {
		if strings.Trim(line[:1], "+-") == "" && !strings.HasPrefix(line, "+++") && !strings.HasPrefix(line, "---") {
			lines.WriteString(line)
		}
	}
	return lines.String()
}

// TestPlatformFromGit takes the overlay for a cluster and the component from a repository. They give what they give beside
// the application.
func TestPlatformFromGit(t *testing.T) {
	root := t.TempDir()
	url := "file://" + publish(t, root)
	copyInto(t, filepath.Join("examples", "platform", "stock"), filepath.Join(root, "stock"))
	edit(t, filepath.Join(root, "stock", "eu", "kustomization.yaml"), "../../mesh-eu", url+"//mesh-eu?ref=v1")
	edit(t, filepath.Join(root, "stock", "us", "kustomization.yaml"), "../../mesh-component", url+"//mesh-component?ref=v1")
	for _, name := range []string{"stock/eu", "stock/us"} {
		expected, err := os.ReadFile(filepath.Join(repository, "examples", "platform", name, "expected.yaml"))
		if diff := cmp.Diff(string(expected), same(t, root, name)); err != nil || diff != "" {
			t.Errorf("%s: %v (- example, + got):\n%s", name, err, diff)
		}
	}
}
