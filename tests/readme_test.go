package tests

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

var fenced = regexp.MustCompile("(?ms)^( *)```(\\w*)\\n(.*?)^ *```$")

// blocksOf lists the fenced blocks of a language, without the indentation of the list they stand in.
func blocksOf(text, language string) []string {
	var blocks []string
	for _, found := range fenced.FindAllStringSubmatch(text, -1) {
		if found[2] == language {
			blocks = append(blocks, strings.TrimPrefix(strings.ReplaceAll("\n"+found[3], "\n"+found[1], "\n"), "\n"))
		}
	}
	return blocks
}

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestReadmeShowsTheQuickstart holds that what the README shows is what the quickstart has, error included.
func TestReadmeShowsTheQuickstart(t *testing.T) {
	text := readme(t)
	mesh, err := os.ReadFile("../examples/quickstart/mesh.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, written, _ := strings.Cut(string(mesh), "\n") // without the comment above
	if shown := blocksOf(text, "yaml")[0]; shown != written {
		t.Errorf("the README shows another Mesh than the quickstart:\n%s", shown)
	}
	inDirectory(t, map[string]string{"mesh.yaml": strings.Replace(string(mesh), "timeout: 5s", "timeout: 5", 1)})
	if got := run(t, "", "render", "mesh.yaml"); blocksOf(text, "")[0] != got.stderr {
		t.Errorf("the README shows another error than this one:\n%s", got.stderr)
	}
}

// TestReadmePlatform holds that the profile of the README does what is said about it.
func TestReadmePlatform(t *testing.T) {
	text := readme(t)
	files := map[string]string{
		"platform.yaml": blocksOf(text, "yaml")[1],
		"web.yaml":      "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {ports: [{name: http, port: 80}]}\n",
		"mesh.yaml":     "apiVersion: meshfn.dev/v1alpha1\nkind: Mesh\nmetadata: {name: shop, namespace: shop}\nspec: {}\n",
	}
	inDirectory(t, files)
	if got := run(t, "", "explain", "web", "timeout"); blocksOf(text, "")[1] != got.stdout {
		t.Errorf("the README shows another explanation than this one:\n%s%s", got.stdout, got.stderr)
	}
	for spec, reason := range map[string]string{
		"timeout: 60s":             "the gateways give up after 30s",
		"proxy: {logLevel: debug}": "debug floods the log store",
	} {
		files["mesh.yaml"] = strings.Replace(files["mesh.yaml"], "spec: {}", "spec: {defaults: {"+spec+"}}", 1)
		inDirectory(t, files)
		if got := run(t, "", "render", "."); got.code == 0 || !strings.Contains(got.stderr, reason) {
			t.Errorf("%s is not refused because %s:\n%s", spec, reason, got.stderr)
		}
		files["mesh.yaml"] = strings.Replace(files["mesh.yaml"], "spec: {defaults: {"+spec+"}}", "spec: {}", 1)
	}
}

// TestReadmeSteps follows the steps that add meshfn to a kustomization.
func TestReadmeSteps(t *testing.T) {
	files := map[string]string{
		"web.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{name: http, port: 80}]}\n",
	}
	_, steps, _ := strings.Cut(readme(t), "### Add it to a kustomization")
	for _, block := range blocksOf(steps, "yaml") {
		switch {
		case strings.Contains(block, "kind: MeshProfile"):
			files["meshfn.yaml"] = block
		case strings.Contains(block, "kind: Mesh"):
			files["mesh.yaml"] = block
		default:
			files["kustomization.yaml"] = block
		}
	}
	inDirectory(t, files)
	got := run(t, "", "build", ".")
	if got.code != 0 || got.stderr != "" || !strings.Contains(got.stdout, "kind: VirtualService") {
		t.Errorf("exit code %d\n%s%s", got.code, got.stderr, got.stdout)
	}
	if explained := run(t, "", "explain", "--dir", "."); !strings.Contains(explained.stdout, "built-in default") {
		t.Errorf("explain shows\n%s%s", explained.stdout, explained.stderr)
	}
}
