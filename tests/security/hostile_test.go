package security

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"
)

// Bounds for whatever comes in. They are those of SECURITY.md with some room, because memory is looked at now and then.
const (
	mostMemory = 8 << 30
	mostTime   = 11 * time.Minute
)

// bomb is a repository that costs more than it looks like.
type bomb struct {
	files map[string]string
	args  []string
	want  string // what is said of it; empty where it is only to end
}

func kustomize(kustomization string, files map[string]string) map[string]string {
	all := map[string]string{"kustomization.yaml": kustomization}
	maps.Copy(all, files)
	return all
}

func bombs() map[string]bomb {
	build, here := []string{"build", "."}, []string{"render", "."}
	web := map[string]string{"web.yaml": aService}
	return map[string]bomb{
		"replacements double a text": {
			kustomize("resources: [a.yaml]\nreplacements:\n"+strings.Repeat(
				"- {source: {kind: ConfigMap, fieldPath: data.a}, targets: [{select: {kind: ConfigMap}, fieldPaths: [data.a], options: {delimiter: \",\", index: -1}}]}\n", 40),
				map[string]string{"a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: " + strings.Repeat("x", 1000) + "}\n"}),
			build, "of memory",
		},
		"variables of a container double": {map[string]string{"a.yaml": doubling(60)}, []string{"init", ".", "--stdout"}, ""},
		"patches of many objects":         {kustomize("resources: [a.yaml]\ncommonAnnotations: {a: "+strings.Repeat("y", 1<<20)+"}\n", map[string]string{"a.yaml": configMaps(20)}), build, ""},
		"a schema of itself": {kustomize("resources: [web.yaml]\nopenapi: {path: s.json}\npatches: [{path: p.yaml}]\n", map[string]string{
			"web.yaml": "apiVersion: a/v1\nkind: A\nmetadata: {name: a}\nx: {x: {x: {}}}\n",
			"p.yaml":   "apiVersion: a/v1\nkind: A\nmetadata: {name: a}\nx: {x: {x: {y: 1}}}\n",
			"s.json":   `{"definitions": {"A": {"$ref": "#/definitions/A", "x-kubernetes-group-version-kind": [{"group": "a", "version": "v1", "kind": "A"}]}}}`,
		}), build, ""},
		"aliases in a configuration": {kustomize("resources: [web.yaml]\nconfigurations: [c.yaml]\n", map[string]string{"web.yaml": aService, "c.yaml": aliases()}), build, ""},
		"aliases in a crd":           {kustomize("resources: [web.yaml]\ncrds: [c.yaml]\n", map[string]string{"web.yaml": aService, "c.yaml": aliases()}), build, ""},
		"aliases in replacements":    {kustomize("resources: [web.yaml]\nreplacements: [{path: c.yaml}]\n", map[string]string{"web.yaml": aService, "c.yaml": aliases()}), build, ""},
		"aliases in an openapi":      {kustomize("resources: [web.yaml]\nopenapi: {path: c.yaml}\n", map[string]string{"web.yaml": aService, "c.yaml": aliases()}), build, ""},
		"a named pipe":               {kustomize("resources: [web.yaml, pipe]\nconfigMapGenerator: [{name: a, files: [pipe]}]\n", map[string]string{"web.yaml": aService, "pipe": "|"}), build, "a named pipe"},
		"a device":                   {kustomize("resources: [web.yaml]\nconfigMapGenerator: [{name: a, files: [zero]}]\n", map[string]string{"web.yaml": aService, "zero": "->/dev/zero"}), build, "[MF0028]"},
		"a device by its name":       {web, []string{"render", "/dev/zero"}, "[MF0002]"},
		"links in a circle":          {kustomize("resources: [web.yaml, a]\n", map[string]string{"web.yaml": aService, "a": "->b", "b": "->a"}), build, "too many symbolic links"},
		"a directory in itself":      {map[string]string{"web.yaml": aService, "a/b": "->.."}, here, ""},
		"a name of a million letters": {map[string]string{"a.yaml": strings.ReplaceAll(aService, "web", strings.Repeat("w", 1_000_000)), "m.yaml": strings.Replace(
			aMesh, "spec: {}", "spec: {services: {"+strings.Repeat("w", 999_999)+": {dependsOn: ["+strings.Repeat("x", 999_999)+"]}}}", 1)}, here, ""},
		"many findings":            {map[string]string{"m.yaml": strings.Replace(aMesh, "spec: {}", "spec:\n  services:\n"+repeat(5_000, "    s%d: {timout: 5}\n"), 1), "s.yaml": aService}, here, ""},
		"many services that call":  {map[string]string{"m.yaml": callers(400), "s.yaml": services(400)}, here, ""},
		"many patches of the same": {kustomize("resources: [a.yaml]\npatches:\n"+repeat(2000, "- {target: {name: \".*x?%d\"}, patch: '[{op: add, path: /data/a, value: b}]'}\n"), map[string]string{"a.yaml": configMaps(300)}), build, ""},
		"variables multiply a text": {kustomize("resources: [a.yaml]\nvars: [{name: A, objref: {apiVersion: v1, kind: ConfigMap, name: a}, fieldref: {fieldpath: data.a}}]\nconfigurations: [c.yaml]\n", map[string]string{
			"c.yaml": "varReference: [{kind: ConfigMap, path: data/b}]\n",
			"a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: " + strings.Repeat("x", 2<<20) + "\n  b: \"" + strings.Repeat("$(A)", 40_000) + "\"\n",
		}), build, "of memory"},
		"a long regular expression": {kustomize("resources: [a.yaml]\npatches: [{target: {name: \""+strings.Repeat("(a?)", 100_000)+"\"}, patch: '[{op: add, path: /data/a, value: b}]'}]\n", map[string]string{"a.yaml": configMaps(10)}), build, "kustomize: "},
		"a long expression":         {map[string]string{"t.yaml": telemetry("response.code >= 400" + strings.Repeat(" || response.code >= 400", 4_000))}, []string{"check", "."}, ""},
		"a deep expression":         {map[string]string{"t.yaml": telemetry(strings.Repeat("[", 49_000) + strings.Repeat("]", 49_000))}, []string{"check", "."}, "error"},
		"sparse files":              {kustomize("resources: [a.yaml]\nconfigMapGenerator: [{name: a, files: [b]}]\n", map[string]string{"a.yaml": sparse, "b": sparse}), build, "the file has more than"},
		"a sparse manifest":         {map[string]string{"a.yaml": sparse}, here, "larger than 16 MiB"},
		"more files than are read":  {files(50_001), here, "more than 50000 files"},
	}
}

// TestHostile holds that every run ends by itself within its bounds, without a panic and without output beside an error.
func TestHostile(t *testing.T) {
	for name, bomb := range bombs() {
		t.Run(name, func(t *testing.T) {
			got := run(t, tree(t, bomb.files), bomb.args...)
			t.Logf("exit code %d, %d MiB, %s", got.code, got.memory>>20, got.cpu)
			switch {
			case got.memory > mostMemory, got.cpu > mostTime:
				t.Errorf("it took %d MiB and %s", got.memory>>20, got.cpu)
			case got.code != 0 && got.code != 1 && got.code != 3 || strings.Contains(got.stderr, "goroutine "):
				t.Errorf("exit code %d:\n%.3000s", got.code, got.stderr)
			case got.code != 0 && got.stdout != "" && bomb.args[0] != "check": // Which says there what it has found.
				t.Error("output in spite of an error")
			case !strings.Contains(got.stdout+got.stderr, bomb.want):
				t.Errorf("%q is not said:\n%.3000s", bomb.want, got.stderr)
			}
		})
	}
}

func repeat(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func configMaps(n int) string {
	return repeat(n, "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: x%d}\ndata: {a: b}\n")
}

func services(n int) string {
	return repeat(n, "---\napiVersion: v1\nkind: Service\nmetadata: {name: s%d, namespace: shop}\nspec: {selector: {a: b}, ports: [{name: http, port: 80}, {name: grpc, port: 81}]}\n")
}

// callers is a Mesh in which everybody calls everybody.
func callers(n int) string {
	all := strings.TrimSuffix(repeat(n, "s%d, "), ", ")
	return strings.Replace(aMesh, "spec: {}", "spec:\n  services:\n"+strings.ReplaceAll(repeat(n, "    s%d: {dependsOn: [ALL]}\n"), "ALL", all), 1)
}

// doubling is a container whose variables each stand for the one before, twice.
func doubling(n int) string {
	return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b, env: [\n" +
		"{name: V0, value: xxxxxxxx},\n" + repeatPairs(n) + "{name: END, value: x}]}]}}}\n"
}

func repeatPairs(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "{name: V%d, value: \"$(V%d)$(V%d)\"},\n", i+1, i, i)
	}
	return b.String()
}

func aliases() string {
	var b strings.Builder
	b.WriteString("x0: &x0 [a, b, c, d, e, f, g, h, i, j]\n")
	for i := range 9 {
		fmt.Fprintf(&b, "x%d: &x%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*x%d, ", i), 10), ", "))
	}
	return b.String()
}

func telemetry(expression string) string {
	return "apiVersion: telemetry.istio.io/v1\nkind: Telemetry\nmetadata: {name: a, namespace: shop}\nspec: {accessLogging: [{filter: {expression: \"" + expression + "\"}}]}\n"
}

func files(n int) map[string]string {
	all := make(map[string]string, n)
	for i := range n {
		all[fmt.Sprintf("f%d.yaml", i)] = ""
	}
	return all
}
