package pipelines

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestWorkflows holds what actionlint says of the workflows that people copy.
func TestWorkflows(t *testing.T) {
	var workflows []string
	for _, pattern := range []string{"examples/*/github*.yml", "examples/*/*/github*.yml", "examples/*/.github/workflows/*.yaml"} {
		found, err := filepath.Glob(filepath.Join(repository, pattern))
		if err != nil {
			t.Fatal(err)
		}
		workflows = append(workflows, found...)
	}
	if len(workflows) == 0 {
		t.Fatal("there are no workflows")
	}
	must(t, repository, "actionlint", append([]string{"-no-color"}, workflows...)...)
	for _, workflow := range workflows {
		for line := range strings.Lines(read(t, workflow)) {
			_, used, ok := strings.Cut(line, "uses: ")
			name, ref, _ := strings.Cut(strings.TrimSpace(used), "@")
			if ref, _, _ = strings.Cut(ref, " "); ok && name != "meshfn/meshfn" && len(ref) != 40 {
				t.Errorf("%s: %s is not pinned by its commit", filepath.Base(workflow), name)
			}
		}
	}
}

// TestGuideShowsExamples holds that what the guide shows is what the tests run.
func TestGuideShowsExamples(t *testing.T) {
	guide := read(t, filepath.Join(repository, "docs/hosts/ci.md"))
	for _, example := range []string{"github.yml", "gitlab.yml"} {
		if !strings.Contains(guide, "```yaml\n"+read(t, filepath.Join(repository, "examples/pipelines", example))+"```\n") {
			t.Errorf("docs/hosts/ci.md does not show examples/pipelines/%s", example)
		}
	}
}

// act runs the example workflow with the action of this repository.
func act(t *testing.T, r request, c *comments) (string, error) {
	t.Helper()
	event := filepath.Join(t.TempDir(), "event.json")
	text, err := json.Marshal(map[string]any{
		"pull_request": map[string]any{"number": 7, "base": map[string]string{"sha": r.base}, "head": map[string]string{"sha": r.head}},
		"repository":   map[string]any{"full_name": "team/apps", "name": "apps", "owner": map[string]string{"login": "team"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	write(t, event, string(text))
	command := exec.CommandContext(t.Context(), "act", "pull_request", "--eventpath", event, "--platform", "ubuntu-24.04=-self-hosted",
		"--local-repository", "meshfn/meshfn@v0.1="+repository, "--action-offline-mode", "--secret", "GITHUB_TOKEN="+c.token,
		"--env", "GITHUB_API_URL="+c.URL, "--env", "GITHUB_REPOSITORY=team/apps")
	command.Dir = r.dir
	output, err := command.CombinedOutput()
	return string(output), err
}

// TestAction runs the whole workflow for a change that is safe, one that is not, and one that does not build.
func TestAction(t *testing.T) {
	for _, test := range []struct {
		name         string
		changed      func(*testing.T) func(string)
		fails        bool
		said, posted []string
	}{
		{"safe", longer, false, []string{"checked apps/shop/overlays/prod: 0 errors"}, []string{"Mesh changes: apps/shop/overlays/prod", "5s", "7s", "Mesh changes: apps/billing"}},
		{"unsafe", unsafe, true, nil, []string{"shop.example.com", "MF16"}},
		{"broken", broken, true, []string{"::error file=apps/shop/overlays/prod/mesh.yaml,line=11"}, []string{"MF0007", "it does not build"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := newComments(t)
			r := newRequest(t, test.changed(t))
			output, err := act(t, r, c)
			if (err != nil) != test.fails {
				t.Fatalf("%v\n%s", err, output)
			}
			contains(t, output, test.said...)
			ours := c.ours()
			if len(ours) != 1 {
				t.Fatalf("there are %d comments\n%s", len(ours), output)
			}
			contains(t, ours[0], test.posted...)
		})
	}
}

// TestActionFromFork says the result in the job where the token may not write.
func TestActionFromFork(t *testing.T) {
	c := newComments(t)
	c.denied = true
	output, err := act(t, newRequest(t, longer(t)), c)
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	contains(t, output, "could not be written as a comment", "Mesh changes: apps/shop/overlays/prod")
}
