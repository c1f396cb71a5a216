package tests

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

// graph is who calls whom, as a Mesh says it.
type graph struct {
	Spec struct {
		Services  map[string]calls `json:"services"`
		Workloads map[string]calls `json:"workloads"`
		External  map[string]struct {
			URL string `json:"url"`
		} `json:"external"`
	} `json:"spec"`
}

type calls struct {
	DependsOn []string `json:"dependsOn"`
	Callers   []string `json:"callers"`
}

// edges are the calls of a Mesh, each as "caller -> callee", and the hosts outside.
func edges(t *testing.T, mesh string) []string {
	t.Helper()
	var doc graph
	if err := yaml.Unmarshal([]byte(mesh), &doc); err != nil {
		t.Fatalf("%v in\n%s", err, mesh)
	}
	var all []string
	for _, entries := range []map[string]calls{doc.Spec.Services, doc.Spec.Workloads} {
		for caller, entry := range entries {
			for _, callee := range entry.DependsOn {
				all = append(all, caller+" -> "+callee)
			}
		}
	}
	for name, outside := range doc.Spec.External {
		all = append(all, name+" is "+outside.URL)
	}
	slices.Sort(all)
	return all
}

// TestInitProposesTheGraphOfTheShop holds that who has the shop without a mesh gets the graph of the shop in one.
func TestInitProposesTheGraphOfTheShop(t *testing.T) {
	mesh, err := os.ReadFile("../examples/shop/mesh/mesh.yaml")
	if err != nil {
		t.Fatal(err)
	}
	got := run(t, "", "init", "../examples/shop/app", "--stdout")
	if got.code != 0 || !strings.Contains(got.stderr, "found 11 Services and 1 workload without one: 16 dependencies, 1 host outside\n") {
		t.Fatalf("exit code %d:\n%s", got.code, got.stderr)
	}
	if strings.Contains(got.stderr+got.stdout, "ot understood") {
		t.Errorf("not all of it was understood:\n%s%s", got.stderr, got.stdout)
	}
	want := edges(t, string(mesh))
	if len(want) < 17 {
		t.Errorf("the shop has only %d edges", len(want))
	}
	if diff := cmp.Diff(want, edges(t, got.stdout)); diff != "" {
		t.Errorf("(- the Mesh of the example, + proposed):\n%s", diff)
	}
}

// TestShopNeedsFewLines holds that who calls whom takes a Service three lines at most, with zero trust for all of them.
func TestShopNeedsFewLines(t *testing.T) {
	mesh, err := os.ReadFile("../examples/shop/mesh/mesh.yaml")
	if err != nil {
		t.Fatal(err)
	}
	lines, entry := map[string]int{}, ""
	key := regexp.MustCompile(`^    ([A-Za-z/-]+):`)
	for line := range strings.SplitSeq(string(mesh), "\n") {
		switch found := key.FindStringSubmatch(line); {
		case found != nil:
			entry = found[1]
			lines[entry]++
		case strings.HasPrefix(line, "      ") && (strings.Contains(line, "dependsOn") || strings.Contains(line, "callers") || strings.HasPrefix(line, "      - ")):
			lines[entry]++
		}
	}
	if len(lines) < 7 {
		t.Errorf("only %v are counted", slices.Sorted(maps.Keys(lines)))
	}
	for entry, n := range lines {
		if n > 3 {
			t.Errorf("%s takes %d lines", entry, n)
		}
	}
	for _, word := range []string{"dependsOn: []", "callers: []"} {
		if !strings.Contains(string(mesh), word) {
			t.Errorf("the shop does not begin with %s", word)
		}
	}
}

// TestInitLeadsToABuild follows what init prints for each example, after its Mesh is taken away.
func TestInitLeadsToABuild(t *testing.T) {
	for _, name := range []string{"quickstart", "workers", "versions", "shop/app"} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "repository")
			if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "examples", name))); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "kustomization.yaml")
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			without := regexp.MustCompile(`(?m)^- mesh.yaml\n|^transformers:\n- profile.yaml\n`).ReplaceAllString(string(text), "")
			if err := os.Remove(filepath.Join(dir, "mesh.yaml")); err != nil && name != "shop/app" {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(without), 0o600); err != nil {
				t.Fatal(err)
			}
			got := run(t, "", "init", dir)
			if got.code != 0 || got.stderr != "" {
				t.Fatalf("exit code %d:\n%s", got.code, got.stderr)
			}
			with := strings.Replace(without, "resources:\n", "resources:\n- mesh.yaml\n", 1) + "transformers:\n- meshfn.yaml\n"
			if err := os.WriteFile(path, []byte(with), 0o600); err != nil {
				t.Fatal(err)
			}
			if built := run(t, "", "build", dir); built.code != 0 {
				t.Errorf("what was proposed does not build:\n%s", built.stderr)
			}
		})
	}
}

// TestInitIsQuickWithMuch holds that neither a large value nor many of them take long, or make a Mesh nobody can read.
func TestInitIsQuickWithMuch(t *testing.T) {
	var hosts strings.Builder
	for i := range 20000 {
		hosts.WriteString("https://host-" + strings.Repeat("x", i%50) + string(rune('a'+i%26)) + ".example.com/,nowhere-" + strings.Repeat("y", i%60) + ":80,")
	}
	inDirectory(t, map[string]string{"app.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        env:
        - {name: HOSTS, value: "` + hosts.String() + `"}
        - {name: NOISE, value: "` + strings.Repeat("a.b:c@d//", 100000) + `"}
        - {name: "STRANGE\nkind: Secret", value: "http://elsewhere.example.com"}
`})
	got := run(t, "", "init", ".", "--stdout")
	if got.code != 1 && got.code != 0 || len(got.stdout) > 200_000 {
		t.Errorf("exit code %d, %d bytes:\n%.2000s", got.code, len(got.stdout), got.stderr)
	}
	var doc map[string]any
	if err := yaml.Unmarshal([]byte(got.stdout), &doc); err != nil || doc["kind"] != "Mesh" {
		t.Errorf("%v, kind %v", err, doc["kind"])
	}
}

// TestGuideDrawsTheShop holds that the picture of the guide is the graph of the example, with the way in and the host outside.
func TestGuideDrawsTheShop(t *testing.T) {
	text, err := os.ReadFile("../docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	mesh, err := os.ReadFile("../examples/shop/mesh/mesh.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var drawn, want []string
	for _, found := range regexp.MustCompile(`(?m)^  ([a-z]+).* --> ([a-z]+)`).FindAllStringSubmatch(blocksOf(string(text), "mermaid")[0], -1) {
		drawn = append(drawn, found[1]+" -> "+found[2])
	}
	for _, edge := range edges(t, string(mesh)) {
		if strings.Contains(edge, "->") {
			want = append(want, strings.TrimPrefix(edge, "Deployment/"))
		}
	}
	drawn = slices.DeleteFunc(drawn, func(edge string) bool { return edge == "public -> web" })
	slices.Sort(drawn)
	slices.Sort(want)
	if diff := cmp.Diff(want, drawn); diff != "" {
		t.Errorf("(- the Mesh of the example, + the guide):\n%s", diff)
	}
}
