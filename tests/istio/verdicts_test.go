package istio

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// verdict is one code about one object.
type verdict struct {
	code     string
	resource resource
}

func (v verdict) String() string { return v.code + " " + v.resource.String() }

// upstream is what Istio's webhook and analyzers say about a stream, sorted. What they say about a pod that was made of a
// template is about the workload.
func upstream(t *testing.T, mesh *facts, objects []*unstructured.Unstructured) []verdict {
	t.Helper()
	owners := map[resource]resource{}
	for _, object := range objects {
		if pod := podOf(t, object); pod != nil {
			owners[named(pod)] = named(object)
		}
	}
	var all []verdict
	for _, m := range slices.Concat(newWebhook(t).review(t, objects), analyze(t, mesh, withPods(t, objects))) {
		if owner, ok := owners[m.resource]; ok {
			m.resource = owner
		}
		all = append(all, verdict{m.code, m.resource})
	}
	slices.SortFunc(all, func(a, b verdict) int { return cmp.Compare(a.String(), b.String()) })
	return slices.Compact(all)
}

// analyzerInputs are the inputs of the tests of Istio's own analyzers.
func analyzerInputs(t *testing.T) []string {
	t.Helper()
	directory := filepath.Join(moduleDirectory(t, "istio.io/istio"), "pkg/config/analysis/analyzers/testdata")
	paths, err := filepath.Glob(filepath.Join(directory, "*.yaml"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no inputs in %s: %v", directory, err)
	}
	return slices.DeleteFunc(paths, func(path string) bool {
		// A configuration of the mesh is given to the analysis of another file.
		name := filepath.Base(path)
		return strings.Contains(name, "mesh-cfg") || name == "telemetry-lightstep-meshconfig.yaml" || name == "mesh-with-automtls.yaml"
	})
}

// factsOf is the configuration of the mesh that an input of Istio's is made for.
func factsOf(path string) *facts {
	at := func(name string) string { return filepath.Join(filepath.Dir(path), name) }
	switch filepath.Base(path) {
	case "injection-image-distroless.yaml":
		return &facts{meshConfig: at("common/meshconfig.yaml")}
	case "multicluster-unknown-serviceregistry.yaml":
		return &facts{meshNetworks: at("common/meshnetworks.yaml")}
	case "serviceentry-missing-addresses-protocol.yaml":
		return &facts{meshConfig: at("serviceentry-missing-addresses-protocol-mesh-cfg.yaml")}
	case "telemetry-lightstep.yaml":
		return &facts{meshConfig: at("telemetry-lightstep-meshconfig.yaml")}
	case "serviceentry-address-allocated.yaml":
		return &facts{meshConfig: at("serviceentry-address-allocated-mesh-cfg.yaml")}
	}
	return nil
}

// TestUpstreamVerdicts records what Istio says about the inputs of its own analyzers' tests, which is what the program's
// own checks are compared with. A new release of Istio that says something else changes the record.
func TestUpstreamVerdicts(t *testing.T) {
	quiet(t)
	var record strings.Builder
	for _, path := range analyzerInputs(t) {
		_, _ = fmt.Fprintf(&record, "%s\n", filepath.Base(path))
		for _, v := range upstream(t, factsOf(path), asApplied(t, readFile(t, path))) {
			_, _ = fmt.Fprintf(&record, "  %s\n", v)
		}
	}
	if *update {
		if err := os.WriteFile("verdicts.txt", []byte(record.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if diff := gocmp.Diff(readFile(t, "verdicts.txt"), record.String()); diff != "" {
		t.Errorf("verdicts.txt is not what Istio says (-update rewrites it):\n%s", diff)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
