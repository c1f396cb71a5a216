package istio

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"sigs.k8s.io/yaml"
)

// transitionCase is an archive of ../transition that says what breaks on the way.
type transitionCase struct {
	name   string
	builds []string          // old, the steps, new
	output map[string]string // of each build
	shows  []passage
}

// passage is what one proxy does on the way: with objects of some kinds as they still are, and all others as they will be.
type passage struct {
	assertion `json:",inline"`

	Still      []string `json:"still"`      // kinds that come last, or pods that are replaced last
	Caller     string   `json:"caller"`     // namespace/Kind/name of the workload that calls: who it is decides Istio's own injector
	CallerFrom string   `json:"callerFrom"` // the build that its pods are of, old unless it is said
	Broken     string   `json:"broken"`     // what happens on the way from old to new
	Last       bool     `json:"last"`       // the last step breaks it too, once nobody needs it any more
}

func transitionCases(t *testing.T) []transitionCase {
	t.Helper()
	paths, err := filepath.Glob("../transition/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	var all []transitionCase
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		one := transitionCase{name: strings.TrimSuffix(filepath.Base(path), ".txtar"), output: map[string]string{}}
		files := map[string]map[string]string{} // by build and name
		for _, file := range archive.Files {
			if file.Name == "envoy" {
				if err := yaml.UnmarshalStrict(file.Data, &one.shows); err != nil {
					t.Fatalf("%s: %v", path, err)
				}
				continue
			}
			build, rest := cutBuild(file.Name)
			if files[build] == nil {
				files[build] = map[string]string{}
			}
			files[build][rest] = string(file.Data)
		}
		if len(one.shows) > 0 {
			one.build(t, files)
			all = append(all, one)
		}
	}
	return all
}

// cutBuild takes the name of a file apart: steps/1/mesh.yaml, both/app.yaml.
func cutBuild(name string) (build, rest string) {
	build = regexp.MustCompile(`^steps/\d+|^[^/]+`).FindString(name)
	return build, strings.TrimPrefix(name, build+"/")
}

// build expands each build of the case.
func (c *transitionCase) build(t *testing.T, files map[string]map[string]string) {
	t.Helper()
	for name := range files {
		if strings.HasPrefix(name, "steps/") {
			c.builds = append(c.builds, name)
		}
	}
	slices.Sort(c.builds)
	c.builds = append(append([]string{"old"}, c.builds...), "new")
	for _, name := range c.builds {
		dir := t.TempDir()
		for _, from := range []string{"both", name} {
			for file, text := range files[from] {
				if err := os.WriteFile(filepath.Join(dir, strings.ReplaceAll(from+"/"+file, "/", "-")), []byte(text), 0o600); err != nil {
					t.Fatal(strings.ReplaceAll(err.Error(), dir, name))
				}
			}
		}
		if got := run(t, "", "render", dir); got.code != 0 {
			t.Fatalf("%s: %s is no right build:\n%s", c.name, name, got.stderr)
		} else {
			c.output[name] = got.stdout
		}
	}
}

// between is what a cluster holds on the way: objects of some kinds as they are before, all others as they will be.
func between(before, after string, still []string) string {
	var out []string
	for _, document := range documents(after) {
		if !slices.Contains(still, kindOf(document)) {
			out = append(out, document)
		}
	}
	for _, document := range documents(before) {
		if slices.Contains(still, kindOf(document)) {
			out = append(out, document)
		}
	}
	return strings.Join(out, "---\n")
}

func kindOf(document string) string {
	match := regexp.MustCompile(`(?m)^kind: (\w+)`).FindStringSubmatch(document)
	if match == nil {
		return ""
	}
	return match[1]
}

func (p *passage) String() string {
	return fmt.Sprintf("%s with %v still as before", &p.assertion, p.Still)
}
