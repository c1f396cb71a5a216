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

// TestFluxSubstitutes fills in the variables of the example, and of no other: nothing that meshfn generates looks like one.
func TestFluxSubstitutes(t *testing.T) {
	substitute := "  postBuild:\n    substitute:\n"
	example := read(t, filepath.Join(repository, "examples", "flux", "cluster", "shop.yaml"))
	_, values, found := strings.Cut(example, substitute)
	if !found {
		t.Fatalf("the example substitutes nothing:\n%s", example)
	}
	for _, name := range builtExamples(t) {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			run(t, dir, "meshfn", "build", filepath.Join(repository, "examples", name), "--output", "rendered").must(t)
			wanted := streamOf(t, filepath.Join(dir, "rendered"))
			if (name == "flux/app") != strings.Contains(wanted, "${") {
				t.Errorf("variables are in flux/app and nowhere else:\n%s", wanted)
			}
			for line := range strings.SplitSeq(strings.TrimSpace(values), "\n") {
				variable, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
				if name == "flux/app" && !strings.Contains(wanted, "${"+variable+"}") {
					t.Errorf("nothing speaks of ${%s}", variable)
				}
				wanted = strings.ReplaceAll(wanted, "${"+variable+"}", value)
			}
			output := fluxBuilds(t, filepath.Join(dir, "rendered"), fluxKustomization(substitute+values))
			if diff := cmp.Diff(objectsOf(t, wanted), objectsOf(t, output)); diff != "" {
				t.Errorf("(- wanted, + what Flux applies):\n%s", diff)
			}
			write(t, dir, "applied.yaml", output)
			run(t, dir, "meshfn", "check", "applied.yaml").must(t)
		})
	}
}
