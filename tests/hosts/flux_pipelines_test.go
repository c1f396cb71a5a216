package hosts

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

const fluxImage = "ghcr.io/fluxcd/flux-cli:v2.9.5"

// TestFluxGuideShowsTheExample holds that the guide and the example are the same repository.
func TestFluxGuideShowsTheExample(t *testing.T) {
	shown := map[string]string{}
	for _, found := range block.FindAllStringSubmatch(read(t, filepath.Join(repository, "docs", "hosts", "flux.md")), -1) {
		if name := named.FindStringSubmatch(found[2]); name != nil {
			shown[name[1]] = found[3]
		}
	}
	root := filepath.Join(repository, "examples", "flux")
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() == "expected.yaml" || entry.Name() == "README.md" {
			return err
		}
		name, err := filepath.Rel(root, path)
		if diff := cmp.Diff(read(t, path), shown[name]); diff != "" {
			t.Errorf("%s (- example, + guide):\n%s", name, diff)
		}
		delete(shown, name)
		return err
	})
	if err != nil || len(shown) > 0 {
		t.Errorf("the guide has files that the example has not: %v %v", shown, err)
	}
}

// TestFluxGitLab runs the jobs of the pipeline for GitLab, with a registry that asks for the password of the job.
func TestFluxGitLab(t *testing.T) {
	dir := copyTree(t, "examples/flux")
	address := registryOf(t, "gitlab-ci-token", "secret")
	var pipeline map[string]struct {
		Script    []string
		Variables map[string]string
	}
	decode(t, filepath.Join(dir, ".gitlab-ci.yml"), &pipeline)
	given := map[string]string{
		"CI_PROJECT_DIR": dir, "CI_PROJECT_URL": sourceURL, "CI_COMMIT_BRANCH": "main", "CI_COMMIT_SHA": commitOf(revision),
		"CI_REGISTRY": address, "CI_REGISTRY_IMAGE": address + "/example/shop",
		"CI_REGISTRY_USER": "gitlab-ci-token", "CI_REGISTRY_PASSWORD": "secret",
	}
	for _, name := range []string{"check", "push"} {
		job := pipeline[name]
		if len(job.Script) == 0 {
			t.Fatalf("there is no job %s", name)
		}
		environment := environ(given)
		for variable, value := range job.Variables {
			environment = append(environment, variable+"="+os.Expand(value, func(name string) string { return given[name] }))
		}
		script(t, dir, environment, "sh", strings.Join(job.Script, "\n"))
	}
	t.Setenv("DOCKER_CONFIG", filepath.Join(dir, ".docker"))
	publishes(t, address+"/example/shop/rendered")
}

// TestFluxGitHub runs the steps of the workflow for GitHub, with the images that it names: that of meshfn as it is
// published, and one of Flux that has the same program in the same place.
func TestFluxGitHub(t *testing.T) {
	fluxCommandLine(t)
	dir := copyTree(t, "examples/flux")
	address := registryOf(t, "", "")
	var workflow struct {
		Env  map[string]string
		Jobs map[string]struct {
			Steps []struct{ Name, Uses, Run string }
		}
	}
	decode(t, filepath.Join(dir, ".github", "workflows", "mesh.yaml"), &workflow)
	home := t.TempDir()
	write(t, home, ".docker/config.json", "{}")
	given := map[string]string{
		"HOME": home, "GITHUB_SERVER_URL": "https://git.example.com", "GITHUB_REPOSITORY": "shop",
		"GITHUB_SHA": commitOf(revision), "GITHUB_REF_NAME": "main",
		"PATH": onLoopback(t) + ":" + os.Getenv("PATH"),
	}
	expressions := strings.NewReplacer("ghcr.io/${{ github.repository }}", address+"/example/shop", "${{ github.workspace }}", dir)
	for name, value := range workflow.Env {
		given[name] = expressions.Replace(value)
	}
	for _, name := range []string{"check", "push"} {
		if len(workflow.Jobs[name].Steps) == 0 {
			t.Fatalf("there is no job %s", name)
		}
		for _, step := range workflow.Jobs[name].Steps {
			switch {
			case step.Uses != "" && !regexp.MustCompile(`^[\w/-]+@[0-9a-f]{40}$`).MatchString(step.Uses):
				t.Errorf("%s is not pinned", step.Uses)
			case step.Uses != "": // The checkout: every job begins with what was committed.
				if err := os.RemoveAll(filepath.Join(dir, "rendered")); err != nil {
					t.Fatal(err)
				}
			case step.Name != "Log in":
				script(t, dir, environ(given), "bash", step.Run)
			}
		}
	}
	publishes(t, address+"/example/shop/rendered")
}

// onLoopback is the directory of a docker that runs containers in the network of the machine, unless told otherwise: the
// registry of the test listens there and nowhere else.
func onLoopback(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	path := write(t, dir, "docker", "#!/bin/sh\ncase \"$*\" in\n"+
		"\"run \"*--network*) ;;\n\"run \"*) shift; set -- run --network host \"$@\" ;;\nesac\n"+
		"exec "+filepath.Join(tools, "shims", "docker")+" \"$@\"\n")
	if err := os.Chmod(path, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// fluxCommandLine makes the image of Flux's command line. The published one is made on Alpine, from the same program.
// https://github.com/fluxcd/flux2/blob/v2.9.5/Dockerfile
func fluxCommandLine(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	if err := os.Link(filepath.Join(tools, "bin", "flux"), filepath.Join(dir, "flux")); err != nil {
		write(t, dir, "flux", read(t, filepath.Join(tools, "bin", "flux")))
	}
	write(t, dir, "tmp/empty", "")
	write(t, dir, "Dockerfile", "FROM scratch\nCOPY --chmod=1777 tmp /tmp\nCOPY --chmod=755 flux /usr/local/bin/flux\n"+
		"USER 65534:65534\nENTRYPOINT [\"/usr/local/bin/flux\"]\n")
	run(t, dir, "docker", "build", "--quiet", "--tag", fluxImage, ".").must(t)
}

// publishes holds that a pipeline pushed what the example renders.
func publishes(t *testing.T, repositoryOf string) {
	t.Helper()
	pulled := pull(t, repositoryOf+":main")
	dir := t.TempDir()
	run(t, dir, "meshfn", "build", filepath.Join(repository, "examples", "flux", "app"), "--output", "wanted").must(t)
	if diff := cmp.Diff(streamOf(t, filepath.Join(dir, "wanted")), streamOf(t, pulled)); diff != "" {
		t.Errorf("(- meshfn build, + artifact):\n%s", diff)
	}
	pull(t, repositoryOf+":"+commitOf(revision))
}

func commitOf(revision string) string {
	_, commit, _ := strings.Cut(revision, "sha1:")
	return commit
}

func environ(given map[string]string) []string {
	all := os.Environ()
	for name, value := range given {
		all = append(all, name+"="+value)
	}
	return all
}

// script runs the commands of a job, which fails with the first that does.
func script(t *testing.T, dir string, environment []string, shell, commands string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), shell, "-e", "-c", commands)
	command.Dir, command.Env = dir, environment
	if said, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s\n%v\n%s", commands, err, said)
	}
}

func decode(t *testing.T, path string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(read(t, path)), into); err != nil {
		t.Fatal(err)
	}
}
