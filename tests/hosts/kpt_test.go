package hosts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pkg makes a kpt package of the quickstart: its manifests, and a Kptfile whose pipeline is the given one.
func pkg(t *testing.T, pipeline string) string {
	t.Helper()
	dir := copyTree(t, filepath.Join("examples", "quickstart"))
	for _, name := range []string{"kustomization.yaml", "expected.yaml", "Kptfile"} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	kptfile := "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: shop\n"
	if pipeline != "" {
		kptfile += "pipeline:\n  mutators:\n" + pipeline
	}
	if err := os.WriteFile(filepath.Join(dir, "Kptfile"), []byte(kptfile), 0o644); err != nil {
		t.Fatal(err)
	}
	commit(t, dir)
	return dir
}

// program is the function as an executable.
func program() string { return filepath.Join(tools, "bin", "meshfn") }

// TestRender renders a package twice. The first run adds files and lines and takes none away; the second changes nothing.
func TestRender(t *testing.T) {
	for name, test := range map[string]struct {
		pipeline string
		flags    []string
	}{
		"image": {"  - image: " + image + "\n", []string{"--image-pull-policy", "Never"}},
		"exec":  {"  - exec: " + program() + "\n", []string{"--allow-exec"}},
		"exec with the profile as configuration": {
			"  - exec: " + program() + "\n    configPath: profile.yaml\n", []string{"--allow-exec"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := pkg(t, test.pipeline)
			args := append([]string{"fn", "render", "."}, test.flags...)
			run(t, dir, "kpt", args...).must(t)
			firstRun(t, dir)
			commit(t, dir)
			run(t, dir, "kpt", args...).must(t)
			if again := run(t, dir, "git", "status", "--porcelain").must(t) + run(t, dir, "git", "diff").must(t); again != "" {
				t.Errorf("the second run changes:\n%s", again)
			}
		})
	}
}

// firstRun looks at what a run did to a package under version control.
func firstRun(t *testing.T, dir string) {
	t.Helper()
	diff := run(t, dir, "git", "diff").must(t)
	for line := range strings.SplitSeq(diff, "\n") {
		if strings.HasPrefix(line, "-") && !strings.HasPrefix(line, "---") {
			t.Errorf("a line was taken away or changed: %s", line)
		}
	}
	if strings.Count(diff, `+        sidecar.istio.io/inject: "true"`) != 3 {
		t.Errorf("three pod templates should have gained the label:\n%s", diff)
	}
	if _, err := os.Stat(filepath.Join(dir, "meshfn", "virtualservice_web.yaml")); err != nil {
		t.Errorf("generated files have no place of their own: %v\n%s", err, run(t, dir, "git", "status", "--short").must(t))
	}
	for _, name := range []string{"mesh.yaml", "profile.yaml"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !strings.Contains(string(text), `config.kubernetes.io/local-config: "true"`) {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
	}
}

// TestRenderRemoves takes a setting away: what only it had generated goes, and nothing else.
func TestRenderRemoves(t *testing.T) {
	dir := pkg(t, "  - exec: "+program()+"\n")
	run(t, dir, "kpt", "fn", "render", ".", "--allow-exec").must(t)
	commit(t, dir)
	mesh := filepath.Join(dir, "mesh.yaml")
	text, err := os.ReadFile(mesh)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), "      circuitBreaker: {maxConnections: 200}\n", "      sidecar: true\n", 1)
	if changed == string(text) {
		t.Fatal("the example changed")
	}
	if err := os.WriteFile(mesh, []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
	run(t, dir, "kpt", "fn", "render", ".", "--allow-exec").must(t)
	status := strings.Fields(run(t, dir, "git", "status", "--porcelain").must(t))
	want := "M mesh.yaml D meshfn/destinationrule_redis.yaml"
	if got := strings.Join(status, " "); got != want && got != "D meshfn/destinationrule_redis.yaml M mesh.yaml" {
		t.Errorf("changed files are %q, not %q", got, want)
	}
}

// TestRenderFails leaves the package as it was and says why.
func TestRenderFails(t *testing.T) {
	dir := pkg(t, "  - image: "+image+"\n")
	mesh := filepath.Join(dir, "mesh.yaml")
	text, err := os.ReadFile(mesh)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(mesh, []byte(strings.Replace(string(text), "timeout: 5s", "timeout: 5", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	commit(t, dir)
	results := t.TempDir()
	got := run(t, dir, "kpt", "fn", "render", ".", "--image-pull-policy", "Never", "--results-dir", results)
	if got.err == nil || !strings.Contains(got.stderr, "MF0007") {
		t.Errorf("%v\n%s", got.err, got.stderr)
	}
	if status := run(t, dir, "git", "status", "--porcelain").must(t); status != "" {
		t.Errorf("files changed in spite of the error:\n%s", status)
	}
	saved, err := os.ReadFile(filepath.Join(results, "results.yaml"))
	if err != nil || !strings.Contains(string(saved), "proposedValue: 5s") || !strings.Contains(string(saved), "mesh.yaml") {
		t.Errorf("results.yaml: %v\n%s", err, saved)
	}
}

// TestEval runs the function once over a package without a pipeline, in every way to configure it.
func TestEval(t *testing.T) {
	config := filepath.Join(t.TempDir(), "config.yaml")
	text := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\ndata:\n  profile: |\n" +
		"    apiVersion: meshfn.dev/v1alpha1\n    kind: MeshProfile\n    metadata: {name: inline}\n" +
		"    spec: {gateways: {public: {selector: {istio: ingressgateway}, namespace: istio-ingress}}}\n"
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"exec":                   {"--exec", program()},
		"exec with the Mesh":     {"--exec", program(), "--fn-config", "mesh.yaml"},
		"exec with a ConfigMap":  {"--exec", program(), "--fn-config", config},
		"image with the profile": {"--image", image, "--image-pull-policy", "Never", "--fn-config", "profile.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := pkg(t, "")
			if strings.Contains(name, "ConfigMap") {
				if err := os.Remove(filepath.Join(dir, "profile.yaml")); err != nil {
					t.Fatal(err)
				}
				commit(t, dir)
			}
			run(t, dir, "kpt", append([]string{"fn", "eval", "."}, args...)...).must(t)
			if status := run(t, dir, "git", "status", "--porcelain", "--untracked-files=all").must(t); strings.Count(status, "?? meshfn/") != 6 {
				t.Errorf("six files should be new:\n%s", status)
			}
		})
	}
}

// TestExamplePackage renders the published package as it is, twice.
func TestExamplePackage(t *testing.T) {
	dir := copyTree(t, filepath.Join("examples", "kpt"))
	commit(t, dir)
	for range 2 {
		run(t, dir, "kpt", "fn", "render", ".", "--image-pull-policy", "Never").must(t)
		want := "sidecar.istio.io/inject"
		text, err := os.ReadFile(filepath.Join(dir, "web.yaml"))
		if err != nil || strings.Count(string(text), want) != 1 {
			t.Errorf("web.yaml: %v\n%s", err, text)
		}
		if files, err := filepath.Glob(filepath.Join(dir, "meshfn", "*")); err != nil || len(files) != 1 {
			t.Errorf("generated files: %v, %v", files, err)
		}
	}
}

// TestPlatformPackage begins an application's package with the platform's, adds to it and renders it, and then takes the
// platform's next version.
func TestPlatformPackage(t *testing.T) {
	platform := copyTree(t, filepath.Join("examples", "kpt-platform"))
	work := t.TempDir()
	if err := os.Rename(platform, filepath.Join(work, "kpt")); err != nil {
		t.Fatal(err)
	}
	commit(t, work, "v1")
	edit(t, filepath.Join(work, "kpt", "profile.yaml"), "timeout: 10s", "timeout: 9s")
	commit(t, work, "v2")

	dir := t.TempDir()
	commit(t, dir)
	run(t, dir, "kpt", "pkg", "get", work+".git/kpt@v1", "shop").must(t)
	for _, name := range []string{"web.yaml", "mesh.yaml"} {
		copyOver(t, filepath.Join("examples", "kpt", name), filepath.Join(dir, "shop", name))
	}
	edit(t, filepath.Join(dir, "shop", "mesh.yaml"), "      timeout: 5s\n", "")
	render := []string{"fn", "render", "shop", "--image-pull-policy", "Never"}
	run(t, dir, "kpt", render...).must(t)
	commit(t, dir)
	if text := read(t, filepath.Join(dir, "shop", "meshfn", "virtualservice_web.yaml")); !strings.Contains(text, "    timeout: 10s\n") {
		t.Errorf("the default of the profile is not there:\n%s", text)
	}
	run(t, dir, "kpt", render...).must(t)
	if status := run(t, dir, "git", "status", "--porcelain").must(t); status != "" {
		t.Errorf("the second run changes:\n%s", status)
	}

	run(t, dir, "kpt", "pkg", "update", "shop@v2").must(t)
	run(t, dir, "kpt", render...).must(t)
	var lines []string
	for line := range strings.SplitSeq(run(t, dir, "git", "diff", "--unified=0", "--", "shop/meshfn", "shop/profile.yaml").must(t), "\n") {
		isLine := strings.HasPrefix(line, "+ ") || strings.HasPrefix(line, "- ")
		if isLine && !strings.Contains(line, "internal.kpt.dev") {
			lines = append(lines, strings.Join(strings.Fields(line), " "))
		}
	}
	want := []string{"- timeout: 10s", "+ timeout: 9s", "- timeout: 10s", "+ timeout: 9s"}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("the update changes (- wanted, + got):\n%s", diff)
	}
	commit(t, dir)
	run(t, dir, "kpt", render...).must(t)
	if status := run(t, dir, "git", "status", "--porcelain").must(t); status != "" {
		t.Errorf("a second run after the update changes:\n%s", status)
	}
}

// TestPlatformBelow has the platform's profile in a package below the application's, whose own pipeline finds it there.
func TestPlatformBelow(t *testing.T) {
	work := t.TempDir()
	copyOver(t, filepath.Join("examples", "kpt-platform", "profile.yaml"), filepath.Join(work, "rules", "profile.yaml"))
	kptfile := "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata: {name: rules}\n"
	if err := os.WriteFile(filepath.Join(work, "rules", "Kptfile"), []byte(kptfile), 0o644); err != nil {
		t.Fatal(err)
	}
	commit(t, work, "v1")
	dir := copyTree(t, filepath.Join("examples", "kpt"))
	edit(t, filepath.Join(dir, "mesh.yaml"), "      timeout: 5s\n", "")
	commit(t, dir)
	run(t, dir, "kpt", "pkg", "get", work+".git/rules@v1", "rules").must(t)
	fetched := read(t, filepath.Join(dir, "rules", "profile.yaml"))
	for range 2 {
		run(t, dir, "kpt", "fn", "render", ".", "--image-pull-policy", "Never").must(t)
		if text := read(t, filepath.Join(dir, "meshfn", "virtualservice_web.yaml")); !strings.Contains(text, "    timeout: 10s\n") {
			t.Errorf("the default of the profile is not there:\n%s", text)
		}
		if text := read(t, filepath.Join(dir, "rules", "profile.yaml")); text != fetched {
			t.Errorf("the render changed the platform's files:\n%s", text)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// copyOver copies a file of the repository.
func copyOver(t *testing.T, from, to string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, []byte(read(t, filepath.Join(repository, from))), 0o644); err != nil {
		t.Fatal(err)
	}
}
