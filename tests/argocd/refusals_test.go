package argocd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
)

// TestFindings holds that what the user interface shows of an error is the finding, with the file as it is called in the
// repository, the line, and the fix.
func TestFindings(t *testing.T) {
	checkout := t.TempDir()
	if err := os.CopyFS(filepath.Join(checkout, "apps", "shop"), os.DirFS(filepath.Join(repository, "examples", "quickstart"))); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(checkout, "apps", "shop", "mesh.yaml")
	mesh, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(mesh), "timeout: 5s", "timeout: 5", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = named.generate(t, checkout, application("apps/shop", "shop"))
	wants(t, err, `apps/shop/mesh.yaml:11:16: error: spec.services.web.timeout: "5" has no unit`, "[MF0007]", "try: timeout: 5s",
		"11 |       timeout: 5")

	// With manifest-generate-paths, the server is given only a part of the repository.
	app := application("apps/shop", "shop")
	app.Annotations = map[string]string{v1alpha1.AnnotationKeyManifestGeneratePaths: "."}
	_, err = named.generate(t, checkout, app)
	wants(t, err, `apps/shop/mesh.yaml:11:16: error: `)
}

// TestParametersRefused holds that an Application cannot ask for what is not there, nor for more than it may.
func TestParametersRefused(t *testing.T) {
	examples := filepath.Join(repository, "examples")
	list := v1alpha1.ApplicationSourcePluginParameter{Name: "overlay", OptionalArray: &v1alpha1.OptionalArray{Array: []string{"eu"}}}
	for want, parameter := range map[string]v1alpha1.ApplicationSourcePluginParameter{
		`there is no parameter "overlays"; allowed: overlay, fail-on`:     text("overlays", "eu"),
		`there is no parameter "allow-remote"; allowed: overlay, fail-on`: text("allow-remote", "true"),
		"the parameter overlay takes one text, and has an array":          list,
		`the parameter fail-on is "never"; allowed: error, warning, info`: text("fail-on", "never"),
		`is "../../..", which leads out of the repository`:                text("overlay", "../../.."),
		`is "/etc", and takes a directory relative to the path`:           text("overlay", "/etc"),
		`is "nowhere", and the repository has no such directory`:          text("overlay", "nowhere"),
		`is "eu\n; true", and the repository has no such directory`:       text("overlay", "eu\n; true"),
		`is "base/app.yaml", which is no directory`:                       text("overlay", "base/app.yaml"),
		`is "../../../_cmp_server", which leads out of the repository`:    text("overlay", "../../../_cmp_server"),
	} {
		_, err := named.generate(t, examples, application("platform/stock", "", parameter))
		wants(t, err, "Application shop: plugin.parameters", want, "[MF0051]")
	}
	app := application("quickstart", "")
	app.Spec.Source.Plugin.Env = v1alpha1.Env{{Name: "OVERLAY", Value: "eu"}}
	_, err := named.generate(t, examples, app)
	wants(t, err, `plugin.env: error: nothing reads the variable "OVERLAY"`, "{name: overlay, string: …}")
}

// TestRepositoryRefused holds that a repository runs nothing of its own, and reads nothing beside itself.
func TestRepositoryRefused(t *testing.T) {
	function := func(text string) string {
		return "transformers:\n- |-\n  apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: x\n    annotations:\n" +
			"      config.kubernetes.io/function: |\n        " + text + "\n"
	}
	for name, one := range map[string]struct{ kustomization, want string }{
		"image":      {function("container: {image: evil.example.com/x}"), `would run the container image "evil.example.com/x"`},
		"executable": {function("exec: {path: ./evil.sh}"), `would run the executable "./evil.sh"`},
		"helm":       {"helmCharts:\n- {name: x, repo: https://example.com}\n", "runs helm; meshfn build runs no other program"},
		"generator":  {"generators:\n- |-\n  apiVersion: builtin\n  kind: HelmChartInflationGenerator\n  metadata: {name: x}\n", "runs helm"},
		"remote":     {"resources:\n- https://git.example.com/x//y?ref=v1\n", "is a remote place"},
		"above":      {"resources:\n- ../..\n", `"../.." leads out of the repository`},
		"absolute":   {"resources:\n- /etc\n", `"/etc" leads out of the repository`},
	} {
		t.Run(name, func(t *testing.T) {
			checkout := t.TempDir()
			dir := filepath.Join(checkout, "app")
			for file, content := range map[string]string{
				"kustomization.yaml": one.kustomization,
				"evil.sh":            "#!/bin/sh\ntouch /tmp/evil\n",
			} {
				if err := os.MkdirAll(dir, 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, file), []byte(content), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			_, err := named.generate(t, checkout, application("app", ""))
			wants(t, err, "app/kustomization.yaml:", one.want)
		})
	}
}

// TestLinksRefused holds the same for links, which may only lead to other places of the repository.
func TestLinksRefused(t *testing.T) {
	checkout := t.TempDir()
	for name, target := range map[string]string{"out": "../../../../home/argocd", "in": "base"} {
		if err := os.Symlink(target, filepath.Join(checkout, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(filepath.Join(checkout, "base"), os.DirFS(filepath.Join(repository, "examples", "quickstart"))); err != nil {
		t.Fatal(err)
	}
	if _, err := named.generate(t, checkout, application(".", "shop", text("overlay", "in"))); err == nil {
		_, err = named.generate(t, checkout, application(".", "shop", text("overlay", "out")))
		wants(t, err, "link")
	} else {
		wants(t, err, "link") // Argo CD itself does not unpack such a repository.
	}
}

func wants(t *testing.T, err error, texts ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("nothing is refused; wanted: %s", texts)
		return
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("it does not say %s:\n%v", text, err)
		}
	}
}
