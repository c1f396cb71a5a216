package hosts

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What an artifact of Flux is to a registry.
// https://github.com/fluxcd/flux2/blob/main/rfcs/0003-kubernetes-oci/README.md
const (
	fluxConfig  = "application/vnd.cncf.flux.config.v1+json"
	fluxContent = "application/vnd.cncf.flux.content.v1.tar+gzip"

	sourceURL = "https://git.example.com/shop"
	revision  = "main@sha1:b2c5aefc9ae8ab3cc0e9bfb6e1a3bf4e5cf5b3ad"
)

// fluxKustomization is a Kustomization of Flux with more lines of its spec.
func fluxKustomization(spec string) string {
	return "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: shop, namespace: flux-system}\n" +
		"spec:\n  interval: 1h\n  prune: true\n  sourceRef: {kind: OCIRepository, name: shop}\n  path: ./\n" + spec
}

// TestFlux takes every example the whole way: rendered, pushed by Flux's command line, pulled and built by the libraries of
// Flux's controllers. What they would apply is what meshfn printed.
func TestFlux(t *testing.T) {
	address := registryOf(t, "", "")
	for _, name := range builtExamples(t) {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			example := filepath.Join(repository, "examples", name)
			wanted := objectsOf(t, run(t, dir, "meshfn", "build", example).must(t))
			artifact := strings.ReplaceAll(name, "/", "-")
			// Twice from the start: neither the directory nor the time has anything to do with what is pushed.
			first := pushRendered(t, example, filepath.Join(dir, "first"), address+"/"+artifact+":first")
			second := pushRendered(t, example, filepath.Join(dir, "second"), address+"/"+artifact+":second")
			if first != second {
				t.Errorf("two pushes have the digests %s and %s", first, second)
			}
			isFluxArtifact(t, address, artifact, first)
			pulled := pull(t, address+"/"+artifact+":first")
			output := fluxBuilds(t, pulled, fluxKustomization(""))
			if diff := cmp.Diff(wanted, objectsOf(t, output)); diff != "" {
				t.Errorf("(- meshfn build, + what Flux applies):\n%s", diff)
			}
			write(t, dir, "applied.yaml", output)
			run(t, dir, "meshfn", "check", "applied.yaml").must(t)
		})
	}
}

// pushRendered renders an example into a directory, pushes that and returns the digest.
func pushRendered(t *testing.T, example, rendered, artifact string) string {
	t.Helper()
	run(t, repository, "meshfn", "build", example, "--output", rendered).must(t)
	onlyManifests(t, rendered)
	said := run(t, rendered, "flux", "push", "artifact", "oci://"+artifact, "--path", rendered, "--reproducible",
		"--source", sourceURL, "--revision", revision, "--output", "json")
	var answer struct{ Digest string }
	if err := json.Unmarshal([]byte(said.must(t)), &answer); err != nil || answer.Digest == "" {
		t.Fatalf("%v\n%s%s", err, said.stdout, said.stderr)
	}
	return answer.Digest
}

// onlyManifests holds that a cluster knows every document of a directory, and that Flux makes the kustomization of it.
func onlyManifests(t *testing.T, rendered string) {
	t.Helper()
	entries, err := os.ReadDir(rendered)
	if err != nil || len(entries) == 0 {
		t.Fatalf("nothing was rendered: %v", err)
	}
	for _, entry := range entries {
		if strings.HasPrefix(strings.ToLower(entry.Name()), "kustomization.y") || filepath.Ext(entry.Name()) != ".yaml" {
			t.Errorf("%s is no manifest", entry.Name())
		}
		if strings.Contains(read(t, filepath.Join(rendered, entry.Name())), "apiVersion: meshfn.dev/") {
			t.Errorf("%s is for meshfn, and no cluster knows it", entry.Name())
		}
	}
}

func isFluxArtifact(t *testing.T, address, name, digest string) {
	t.Helper()
	got, served := manifestOf(t, address, name, "first")
	if served != digest {
		t.Errorf("the registry has %s, and flux pushed %s", served, digest)
	}
	if got.Config.MediaType != fluxConfig || len(got.Layers) != 1 || got.Layers[0].MediaType != fluxContent {
		t.Errorf("it is no artifact of Flux: %+v", got)
	}
	created, err := time.Parse(time.RFC3339, got.Annotations["org.opencontainers.image.created"])
	if err != nil || created.Unix() != 0 {
		t.Errorf("it was created at %s: %v", created, err)
	}
	delete(got.Annotations, "org.opencontainers.image.created")
	want := map[string]string{"org.opencontainers.image.source": sourceURL, "org.opencontainers.image.revision": revision}
	if diff := cmp.Diff(want, got.Annotations); diff != "" {
		t.Errorf("annotations (- wanted, + got):\n%s", diff)
	}
}

// pull fetches an artifact as source-controller does and returns the directory.
func pull(t *testing.T, artifact string) string {
	t.Helper()
	dir := t.TempDir()
	var said struct {
		Source   string `json:"source_url"`
		Revision string `json:"source_revision"`
	}
	if err := json.Unmarshal([]byte(run(t, dir, "flux-controllers", "pull", artifact, dir).must(t)), &said); err != nil {
		t.Fatal(err)
	}
	if said.Source != sourceURL || said.Revision != revision {
		t.Errorf("Flux reads %+v of the artifact", said)
	}
	return dir
}

// fluxBuilds is what kustomize-controller would apply of a directory. It works on a copy, because it writes there.
func fluxBuilds(t *testing.T, from, kustomization string) string {
	t.Helper()
	return tryFlux(t, from, kustomization).must(t)
}

func tryFlux(t *testing.T, from, kustomization string) result {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return run(t, dir, "flux-controllers", "build", dir, write(t, t.TempDir(), "flux.yaml", kustomization))
}

// TestFluxRunsNoFunctions holds what the guide begins with: no example can be built by Flux as it is.
func TestFluxRunsNoFunctions(t *testing.T) {
	for _, name := range builtExamples(t) {
		t.Run(name, func(t *testing.T) {
			got := tryFlux(t, filepath.Join(repository, "examples"),
				strings.Replace(fluxKustomization(""), "path: ./", "path: ./"+name, 1))
			if got.err == nil || !strings.Contains(got.stderr, "external plugins disabled; unable to load external plugin 'MeshProfile'") {
				t.Errorf("%v\n%s%s", got.err, got.stdout, got.stderr)
			}
		})
	}
}

// TestFluxIgnores holds that neither the command line nor Flux leaves out a file of what was rendered, whatever objects are
// called, and that a directory around it brings no files along.
func TestFluxIgnores(t *testing.T) {
	dir := t.TempDir()
	names := []string{"cloudbuild", "appveyor", "kustomization", "zip", "git"}
	var manifests strings.Builder
	for _, name := range names {
		manifests.WriteString("---\napiVersion: v1\nkind: Service\nmetadata: {name: " + name + "}\nspec: {ports: [{name: http, port: 80}]}\n")
	}
	write(t, dir, "app/services.yaml", manifests.String())
	write(t, dir, "app/mesh.yaml", "apiVersion: meshfn.dev/v1alpha1\nkind: Mesh\nmetadata: {name: shop}\nspec: {}\n")
	write(t, dir, ".gitignore", "rendered/\n")
	write(t, dir, ".sourceignore", "*.yaml\n")
	wanted := objectsOf(t, run(t, dir, "meshfn", "render", "app").must(t))
	run(t, dir, "meshfn", "render", "app", "--output", "rendered").must(t)
	artifact := registryOf(t, "", "") + "/ignored:v1"
	run(t, dir, "flux", "push", "artifact", "oci://"+artifact, "--path", "rendered",
		"--source", sourceURL, "--revision", revision).must(t)
	got := objectsOf(t, fluxBuilds(t, pull(t, artifact), fluxKustomization("")))
	if diff := cmp.Diff(wanted, got); diff != "" || len(got) < 2*len(names) {
		t.Errorf("(- meshfn render, + what Flux applies):\n%s", diff)
	}
}
