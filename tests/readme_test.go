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

// TestReadmeSteps follows the steps that add meshfn to a kustomization.
func TestReadmeSteps(t *testing.T) {
	files := map[string]string{
		"web.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{name: http, port: 80}]}\n",
	}
	for _, block := range blocksOf(readme(t), "yaml")[1:] {
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
