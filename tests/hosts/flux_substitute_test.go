package hosts

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// variables are the manifests of somebody who uses every form of a variable that Flux has, beside a Mesh.
// https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
const variables = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations:
    example.com/owner: ${owner:=nobody}
spec:
  replicas: ${replicas:=2}
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: registry.example.com/web:${version}
        args: ["--price=$5", "^/api/v[0-9]+$", "$${HOME}/data"]
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  annotations:
    kustomize.toolkit.fluxcd.io/substitute: disabled
data:
  run.sh: |
    echo ${HOME} "${1}"
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: ${replicas:=2}
  maxReplicas: ${most:=9}
`

const variablesMesh = `apiVersion: meshfn.dev/v1alpha1
kind: Mesh
metadata: {name: shop}
spec:
  services:
    web:
      sidecar: true
      outlierDetection: true
      ports:
        http: {timeout: 3s}
`

// TestFluxVariables holds that the variables in manifests of the user leave meshfn as they came, and that Flux then does
// with them what it would have done without meshfn.
func TestFluxVariables(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "plain/app.yaml", variables)
	write(t, dir, "app/app.yaml", variables)
	write(t, dir, "app/mesh.yaml", variablesMesh)
	run(t, dir, "meshfn", "render", "app", "--output", "rendered").must(t)
	variable := regexp.MustCompile(`\$+\S*`)
	came, left := countOf(variable.FindAllString(variables, -1)), countOf(variable.FindAllString(streamOf(t, filepath.Join(dir, "rendered")), -1))
	for text, count := range came {
		if left[text] < count {
			t.Errorf("%s came %d times and left %d times: %v", text, count, left[text], left)
		}
	}
	spec := fluxKustomization("  postBuild:\n    substitute: {version: '7', replicas: '3'}\n")
	got := objectsOf(t, fluxBuilds(t, filepath.Join(dir, "rendered"), spec))
	for id, wanted := range objectsOf(t, fluxBuilds(t, filepath.Join(dir, "plain"), spec)) {
		without(map[string]object{id: got[id]}, "spec", "template", "metadata", "labels", "sidecar.istio.io/inject")
		if diff := cmp.Diff(wanted, got[id]); diff != "" {
			t.Errorf("%s (- without meshfn, + behind it):\n%s", id, diff)
		}
	}
}

// TestFluxVariableUnset holds that Flux refuses what nobody sets, so that a forgotten variable cannot become an empty value.
func TestFluxVariableUnset(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "app/app.yaml", variables)
	write(t, dir, "app/mesh.yaml", variablesMesh)
	run(t, dir, "meshfn", "render", "app", "--output", "rendered").must(t)
	got := tryFlux(t, filepath.Join(dir, "rendered"), fluxKustomization("  postBuild:\n    substitute: {replicas: '3'}\n"))
	if got.err == nil || !strings.Contains(got.stderr, "variable substitution failed") {
		t.Errorf("%v\n%s", got.err, got.stderr)
	}
}

func countOf(texts []string) map[string]int {
	counts := map[string]int{}
	for _, text := range texts {
		counts[text]++
	}
	return counts
}

// TestFluxSubstitutes fills in the variables of the examples, and nothing else: what meshfn generates looks like none.
func TestFluxSubstitutes(t *testing.T) {
	substitute := "  postBuild:\n    substitute:\n"
	_, values, found := strings.Cut(read(t, filepath.Join(repository, "examples", "flux", "cluster", "shop.yaml")), substitute)
	if !found {
		t.Fatal("examples/flux substitutes nothing")
	}
	values += "      DOMAIN: example.net\n"
	filled := 0
	for _, name := range builtExamples(t) {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			run(t, dir, "meshfn", "build", filepath.Join(repository, "examples", name), "--output", "rendered").must(t)
			stream := streamOf(t, filepath.Join(dir, "rendered"))
			wanted := byHand(t, stream, values)
			if strings.Contains(wanted, "$") {
				t.Errorf("it looks like a variable to Flux:\n%s", wanted)
			}
			if wanted != stream {
				filled++
			}
			output := fluxBuilds(t, filepath.Join(dir, "rendered"), fluxKustomization(substitute+values))
			if diff := cmp.Diff(objectsOf(t, wanted), objectsOf(t, output)); diff != "" {
				t.Errorf("(- wanted, + what Flux applies):\n%s", diff)
			}
			write(t, dir, "applied.yaml", output)
			run(t, dir, "meshfn", "check", "applied.yaml").must(t)
		})
	}
	if filled == 0 {
		t.Error("no example has a variable")
	}
}

// byHand puts values in the place of variables, as text, where a name and nothing but a value of its own is between the braces.
func byHand(t *testing.T, stream, values string) string {
	t.Helper()
	return regexp.MustCompile(`\$\{(\w+)(:=([\w.-]+))?\}`).ReplaceAllStringFunc(stream, func(found string) string {
		name, otherwise, _ := strings.Cut(strings.Trim(found, "${}"), ":=")
		if value := lineOf(values, "      "+name+": "); value != "" {
			return value
		}
		if otherwise == "" {
			t.Errorf("nobody sets %s", found)
		}
		return otherwise
	})
}
