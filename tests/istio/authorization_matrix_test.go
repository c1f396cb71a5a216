package istio

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"go.yaml.in/yaml/v3"
	corev1 "k8s.io/api/core/v1"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
)

// TestAuthorizationMatrix makes every call that is possible in a build, at every stage: each caller, also those of which
// nobody speaks, to each port of each Service, over several methods and paths. What the sidecars of the called pods do with it,
// by the filters that istiod gives them, is compared with what the documents say: at the stage authorize exactly the declared
// calls are let in, and before nobody is refused who has a certificate.
func TestAuthorizationMatrix(t *testing.T) {
	asked := map[bool]int{}
	for _, one := range append(matrixFixtures(t), matrixExamples(t)...) {
		t.Run(one.name, func(t *testing.T) {
			for _, stage := range []v1alpha1.Stage{v1alpha1.StageObserve, v1alpha1.StageResilience, v1alpha1.StageStrict, v1alpha1.StageAuthorize} {
				output, documents := one.at(t, stage)
				for allowed, count := range matrixOf(t, stage, output, documents) {
					asked[allowed] += count
				}
			}
		})
	}
	if asked[true] == 0 || asked[false] == 0 {
		t.Errorf("the matrix shows nothing: %d calls are let in and %d refused", asked[true], asked[false])
	}
	t.Logf("%d calls are let in, %d refused", asked[true], asked[false])
}

// matrixBuild is a build that can be brought to a stage.
type matrixBuild struct {
	name string
	at   func(t *testing.T, stage v1alpha1.Stage) (output string, documents []string)
}

// matrixFixtures are the builds in testdata/authorization.
func matrixFixtures(t *testing.T) []matrixBuild {
	t.Helper()
	paths, err := filepath.Glob("testdata/authorization/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	var all []matrixBuild
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, matrixBuild{strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T, stage v1alpha1.Stage) (string, []string) {
			t.Helper()
			var input []string
			for _, file := range archive.Files {
				for _, document := range documents(string(file.Data)) {
					input = append(input, staged(t, document, stage))
				}
			}
			got := run(t, strings.Join(input, "---\n"), "render", "-")
			if got.code != 0 {
				t.Fatalf("stage %s: exit code %d\n%s", stage, got.code, got.stderr)
			}
			return got.stdout, input
		}})
	}
	return all
}

var (
	saysCallers = regexp.MustCompile(`\b(callers|dependsOn):`)
	saysStage   = regexp.MustCompile(`\b(rollout|stage):`)
)

// matrixExamples are the examples in which somebody says who calls whom, and how far the namespaces have come.
func matrixExamples(t *testing.T) []matrixBuild {
	t.Helper()
	var all []matrixBuild
	err := filepath.WalkDir("../../examples", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() != "expected.yaml" {
			return err
		}
		dir, err := filepath.Rel("../../examples", filepath.Dir(path))
		top, _, _ := strings.Cut(filepath.ToSlash(dir), "/")
		says, stages := false, false
		for _, document := range yamlBelow(t, filepath.Join("../../examples", top)) {
			says = says || strings.Contains(document, "apiVersion: meshfn.dev/") && saysCallers.MatchString(document)
			stages = stages || saysStage.MatchString(document)
		}
		if !says || !stages {
			return err
		}
		all = append(all, matrixBuild{"examples/" + filepath.ToSlash(dir), func(t *testing.T, stage v1alpha1.Stage) (string, []string) {
			t.Helper()
			copied := t.TempDir()
			copyStaged(t, "../../examples", copied, stage)
			got := run(t, "", "build", filepath.Join(copied, dir))
			if got.code != 0 {
				t.Fatalf("stage %s: exit code %d\n%s", stage, got.code, got.stderr)
			}
			return filledIn(t, got.stdout), yamlBelow(t, filepath.Join(copied, top))
		}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// yamlBelow lists the documents in the files of a directory.
func yamlBelow(t *testing.T, dir string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".yaml" || entry.Name() == "expected.yaml" {
			return err
		}
		text, err := os.ReadFile(path)
		all = append(all, documents(string(text))...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// copyStaged copies a directory with all its namespaces at a stage.
func copyStaged(t *testing.T, from, to string, stage v1alpha1.Stage) {
	t.Helper()
	err := os.CopyFS(to, os.DirFS(from))
	if err == nil {
		err = os.Mkdir(filepath.Join(to, ".git"), 0o755) // One repository holds them all.
	}
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(to, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".yaml" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(text), "apiVersion: meshfn.dev/") {
			return err
		}
		var out []string
		for _, document := range documents(string(text)) {
			out = append(out, staged(t, document, stage))
		}
		return os.WriteFile(path, []byte(strings.Join(out, "---\n")), 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// staged brings the namespaces of a rollout to a stage, without exceptions, and says of each Mesh that all callers are known.
func staged(t *testing.T, document string, stage v1alpha1.Stage) string {
	t.Helper()
	var object map[string]any
	if err := yaml.Unmarshal([]byte(document), &object); err != nil {
		t.Fatal(err)
	}
	if version, _ := object["apiVersion"].(string); !strings.HasPrefix(version, "meshfn.dev/") {
		return document
	}
	spec := mappingAt(object, "spec")
	switch rollout, ok := spec["rollout"].(map[string]any); {
	case ok:
		if _, ok := rollout["stage"]; ok {
			rollout["stage"] = string(stage)
		}
		namespaces := mappingAt(rollout, "namespaces")
		for name, value := range namespaces {
			if full, ok := value.(map[string]any); ok {
				maps.DeleteFunc(full, func(key string, _ any) bool { return key == "services" || key == "workloads" })
				full["stage"] = string(stage)
				continue
			}
			namespaces[name] = string(stage)
		}
	case object["kind"] == "Mesh":
		if _, ok := spec["stage"]; ok {
			spec["stage"] = string(stage)
		}
		mappingAt(spec, "defaults")["callersComplete"] = true
	}
	text, err := yaml.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// matrixOf makes every call in a build and counts those that are let in and those that are refused.
func matrixOf(t *testing.T, stage v1alpha1.Stage, output string, documents []string) map[bool]int {
	t.Helper()
	w := start(t, output, "cluster.local", "")
	spec := &declarations{in: w.in, gateways: map[string]string{}}
	namespace := ""
	for _, service := range w.in.services {
		namespace = service.Namespace
	}
	for _, document := range documents {
		if err := spec.read(document, namespace); err != nil {
			t.Fatal(err)
		}
	}
	counted := map[bool]int{}
	for _, key := range slices.Sorted(maps.Keys(w.in.replicas)) {
		pods := w.in.replicas[key]
		if len(pods) == 0 || pods[0].Labels["sidecar.istio.io/inject"] != "true" {
			continue
		}
		proxy, err := w.proxy(&assertion{Server: key})
		if err != nil {
			t.Fatal(err)
		}
		for port, services := range servicesOf(w.in, pods[0]) {
			for _, call := range callsTo(spec, uint32(port), services) {
				expected := spec.expects(t, stage, call, services)
				got, err := proxy.judge(&call.inboundCall)
				if err != nil {
					t.Fatalf("stage %s: %s: %s: %v", stage, key, call, err)
				}
				if counted[got.Allowed]++; got.Allowed != expected {
					t.Errorf("stage %s: %s: %s is let in: %t, want %t (%s)", stage, key, call, got.Allowed, expected, got.Why)
				}
			}
		}
	}
	return counted
}

// served is a port of a Service that leads to a port of pods.
type served struct {
	service *corev1.Service
	port    *corev1.ServicePort
}

// servicesOf lists the ports of a pod with what leads to them.
func servicesOf(in *deployed, pod *corev1.Pod) map[int32][]served {
	out := map[int32][]served{}
	for _, service := range in.services {
		behind := in.behind(service)
		if len(service.Spec.Selector) == 0 || !slices.Contains(behind, pod) {
			continue
		}
		for i := range service.Spec.Ports {
			port := &service.Spec.Ports[i]
			if port.Protocol == corev1.ProtocolTCP {
				number := targetPort(port, []*corev1.Pod{pod})
				out[number] = append(out[number], served{service, port})
			}
		}
	}
	return out
}

// matrixCall is one call of the matrix.
type matrixCall struct {
	inboundCall
	caller string
}

func (c *matrixCall) String() string {
	caller := c.caller
	if caller == "" {
		caller = "somebody without a certificate"
	}
	if c.http {
		return fmt.Sprintf("%s %s by %s on port %d", c.method, c.path, caller, c.port)
	}
	return fmt.Sprintf("a connection by %s on port %d", caller, c.port)
}

// callsTo lists the calls to a port: by everybody in the build, by those of whom the documents speak, by strangers, and by
// somebody without a certificate.
func callsTo(spec *declarations, port uint32, services []served) []*matrixCall {
	callers := []string{"", "elsewhere/stranger", "monitoring/prometheus"}
	for _, pod := range spec.in.pods {
		callers = append(callers, accountOf(pod), pod.Namespace+"/stranger")
	}
	callers = slices.AppendSeq(callers, maps.Values(spec.gateways))
	slices.Sort(callers)
	domain := spec.domain
	if domain == "" {
		domain = "cluster.local"
	}
	var all []*matrixCall
	for _, caller := range slices.Compact(callers) {
		one := matrixCall{inboundCall{port: port}, caller}
		if namespace, account, ok := strings.Cut(caller, "/"); ok {
			one.principal = "spiffe://" + domain + "/ns/" + namespace + "/sa/" + account
		}
		if !speaksHTTP(services) {
			all = append(all, &one)
			continue
		}
		for _, method := range []string{"GET", "POST", "DELETE"} {
			for _, path := range matrixPaths(spec) {
				two := one
				two.http, two.method, two.path = true, method, path
				all = append(all, &two)
			}
		}
	}
	return all
}

func speaksHTTP(services []served) bool {
	return slices.ContainsFunc(services, func(s served) bool {
		name := s.port.Name
		if s.port.AppProtocol != nil {
			name = *s.port.AppProtocol
		}
		return strings.HasPrefix(name, "http") || strings.HasPrefix(name, "grpc")
	})
}

// matrixPaths are the paths of which the documents speak, what is below and beside them, and one of its own.
func matrixPaths(spec *declarations) []string {
	paths := []string{"/", "/other"}
	add := func(entries []who) {
		for _, each := range entries {
			for _, path := range each.Paths {
				text := fmt.Sprint(path)
				if forms, ok := path.(map[string]any); ok {
					text = strings.Trim(fmt.Sprint(slices.Collect(maps.Values(forms))), "[]")
				}
				paths = append(paths, text, strings.TrimRight(text, "/")+"/below", text+"-beside")
			}
		}
	}
	add(spec.always)
	for i := range spec.meshes {
		mesh := &spec.meshes[i]
		for _, settings := range slices.Concat([]declaredSettings{mesh.defaults}, slices.Collect(maps.Values(mesh.services)), slices.Collect(maps.Values(mesh.workloads))) {
			if settings.Callers != nil {
				add(*settings.Callers)
			}
			add(settings.DependsOn)
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// expects is what the documents say about a call at a stage.
func (d *declarations) expects(t *testing.T, stage v1alpha1.Stage, call *matrixCall, services []served) bool {
	t.Helper()
	strict := stage == v1alpha1.StageStrict || stage == v1alpha1.StageAuthorize
	if !strict {
		return true
	}
	if call.caller == "" && !d.opensPlain(services) {
		return false
	}
	if stage == v1alpha1.StageStrict {
		return true
	}
	return slices.ContainsFunc(services, func(s served) bool {
		return d.permits(call.caller, s.service, s.port, &call.inboundCall)
	})
}

// opensPlain reports whether somebody opened a port to callers without a certificate.
func (d *declarations) opensPlain(services []served) bool {
	return slices.ContainsFunc(services, func(s served) bool {
		mesh, settings := d.of(s.service)
		callers := settings.Callers
		if callers == nil && mesh != nil {
			callers = mesh.defaults.Callers
		}
		return callers != nil && slices.ContainsFunc(slices.Concat(*callers, d.always), func(e who) bool {
			return e.PlainText && slices.ContainsFunc(e.Ports, func(key any) bool {
				return fmt.Sprint(key) == s.port.Name || fmt.Sprint(key) == fmt.Sprint(s.port.Port)
			})
		})
	})
}
