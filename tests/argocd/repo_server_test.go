package argocd

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/reposerver/apiclient"
	argo "github.com/argoproj/argo-cd/v3/reposerver/repository"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// generate builds an Application from a checked out repository, by the code that the repo server runs for it. What that finds in
// the environment is where the sockets of the plugins are.
func (s *sidecar) generate(t *testing.T, checkout string, app *v1alpha1.Application) ([]string, error) {
	t.Helper()
	t.Setenv("ARGOCD_PLUGINSOCKFILEPATH", s.plugins)
	source := app.Spec.GetSource()
	request := &apiclient.ManifestRequest{
		Repo: &v1alpha1.Repository{Repo: source.RepoURL}, AppName: app.Name, Namespace: app.Spec.Destination.Namespace,
		ApplicationSource: &source, ProjectName: app.Spec.Project, KubeVersion: "v1.36.1", ApiVersions: []string{"v1", "apps/v1"},
		AnnotationManifestGeneratePaths: app.Annotations[v1alpha1.AnnotationKeyManifestGeneratePaths],
	}
	response, err := argo.GenerateManifests(t.Context(), filepath.Join(checkout, source.Path), checkout, "0123456789abcdef", request, false,
		nil, resource.MustParse("100Mi"), nil, argo.WithCMPUseManifestGeneratePaths(true), argo.WithCMPTarExcludedGlobs([]string{".git/*"}))
	if err != nil {
		return nil, err
	}
	return response.Manifests, nil
}

// application is an Application that names the plugin.
func application(path, namespace string, parameters ...v1alpha1.ApplicationSourcePluginParameter) *v1alpha1.Application {
	app := &v1alpha1.Application{}
	app.Name = "shop"
	app.Spec.Project = "default"
	app.Spec.Destination.Namespace = namespace
	app.Spec.Source = &v1alpha1.ApplicationSource{
		RepoURL: "https://git.example.com/shop.git", Path: path, TargetRevision: "main",
		Plugin: &v1alpha1.ApplicationSourcePlugin{Name: "meshfn", Parameters: parameters},
	}
	return app
}

// text is a parameter with a text.
func text(name, value string) v1alpha1.ApplicationSourcePluginParameter {
	return v1alpha1.ApplicationSourcePluginParameter{Name: name, String_: &value}
}

// meshfn runs the command line.
func meshfn(t *testing.T, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), filepath.Join(tools, "bin", "meshfn"), args...)
	var out, said strings.Builder
	command.Stdout, command.Stderr = &out, &said
	err = command.Run()
	return out.String(), said.String(), err
}

// asArgo writes manifests as Argo CD hands them on: one JSON object each.
func asArgo(t *testing.T, manifests string) []string {
	t.Helper()
	var all []string
	for document := range strings.SplitSeq(manifests, "\n---\n") {
		var object unstructured.Unstructured
		if err := yaml.Unmarshal([]byte(document), &object.Object); err != nil {
			t.Fatal(err)
		}
		if len(object.Object) == 0 {
			continue
		}
		text, err := json.Marshal(object.Object)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(text))
	}
	return all
}

// kustomizations lists the directories of the examples that can be built, by their path below them.
func kustomizations(t *testing.T, examples string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(examples, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() != "kustomization.yaml" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil || strings.Contains(string(text), "kind: Component") {
			return err
		}
		dir, err := filepath.Rel(examples, filepath.Dir(path))
		found = append(found, filepath.ToSlash(dir))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
