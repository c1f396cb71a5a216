package istio

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"istio.io/istio/pkg/config/analysis"
	"istio.io/istio/pkg/config/analysis/analyzers"
	"istio.io/istio/pkg/config/analysis/analyzers/maturity"
	"istio.io/istio/pkg/config/analysis/diag"
	"istio.io/istio/pkg/config/analysis/local"
	"istio.io/istio/pkg/log"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// rootNamespace is where Istio's control plane runs.
const rootNamespace = "istio-system"

// inEnvironment analyzes objects in the cluster that they are made for: with one running pod for each pod template, and
// with the namespaces and gateways that somebody else owns. What Istio says about the latter is not about the objects.
func inEnvironment(t *testing.T, objects []*unstructured.Unstructured, profiles []*unstructured.Unstructured) []message {
	t.Helper()
	around := environment(objects, profiles)
	return slices.DeleteFunc(analyze(t, nil, withPods(t, slices.Concat(objects, around))), func(m message) bool {
		return slices.ContainsFunc(around, func(o *unstructured.Unstructured) bool { return named(o) == m.resource })
	})
}

// facts are the files about a mesh that an analysis may need.
type facts struct{ meshConfig, meshNetworks string }

// analyze runs every analyzer of Istio over objects. None may be left out for want of a kind.
func analyze(t *testing.T, mesh *facts, objects []*unstructured.Unstructured) []message {
	t.Helper()
	all := analysis.Combine("every", append(analyzers.All(), &maturity.AlphaAnalyzer{})...)
	runner := local.NewIstiodAnalyzer(all, "", rootNamespace, nil)
	if mesh != nil {
		addFacts(t, runner, *mesh)
	}
	// Only a first source made for tests keeps Services, Pods and Namespaces, which 21 analyzers need.
	stream := local.ReaderSource{Name: "stream", Reader: strings.NewReader(asStream(t, objects))}
	if err := runner.AddTestReaderKubeSource([]local.ReaderSource{stream}); err != nil {
		t.Fatal(err)
	}
	if err := runner.AddDefaultResources(); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	defer close(stop)
	result, err := runner.Analyze(stop)
	if err != nil {
		t.Fatal(err)
	}
	if len(result.SkippedAnalyzers) > 0 {
		t.Fatalf("analyzers were skipped: %v", result.SkippedAnalyzers)
	}
	var messages []message
	for i := range result.Messages {
		messages = append(messages, asMessage(&result.Messages[i]))
	}
	return messages
}

func addFacts(t *testing.T, runner *local.IstiodAnalyzer, mesh facts) {
	t.Helper()
	if mesh.meshConfig != "" {
		if err := runner.AddFileKubeMeshConfig(mesh.meshConfig); err != nil {
			t.Fatal(err)
		}
	}
	if mesh.meshNetworks != "" {
		if err := runner.AddFileKubeMeshNetworks(mesh.meshNetworks); err != nil {
			t.Fatal(err)
		}
	}
}

func asMessage(m *diag.Message) message {
	out := message{code: m.Type.Code(), text: fmt.Sprintf(m.Type.Template(), m.Parameters...)}
	if m.Resource != nil {
		meta := m.Resource.Metadata
		out.resource = shown(meta.Schema.Kind(), meta.FullName.Namespace.String(), meta.FullName.Name.String())
	}
	return out
}

func asStream(t *testing.T, objects []*unstructured.Unstructured) string {
	t.Helper()
	var documents []string
	for _, object := range objects {
		text, err := yaml.Marshal(object.Object)
		if err != nil {
			t.Fatal(err)
		}
		documents = append(documents, string(text))
	}
	return strings.Join(documents, "---\n")
}

// quiet keeps Istio's libraries from writing about every object they read, and from writing into the output of the program
// that this binary also is: they look for directories of a checkout as soon as they are loaded.
func quiet(t *testing.T) {
	t.Helper()
	t.Setenv("TARGET_OUT", t.TempDir())
	t.Setenv("LOCAL_OUT", t.TempDir())
	options := log.DefaultOptions()
	options.SetDefaultOutputLevel("all", log.NoneLevel)
	if err := log.Configure(options); err != nil {
		t.Fatal(err)
	}
}
