package hosts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const targetNamespace = "  targetNamespace: "

// TestFluxTargetNamespace holds what the guide says of targetNamespace: the same one as in the build changes nothing, and
// where the build has none and needs none, it does what the line namespace of a kustomization does.
func TestFluxTargetNamespace(t *testing.T) {
	for _, name := range builtExamples(t) {
		t.Run(name, func(t *testing.T) {
			dir := copyTree(t, "examples")
			run(t, dir, "meshfn", "build", name, "--output", "same").must(t)
			stream := streamOf(t, filepath.Join(dir, "same"))
			namespace := lineOf(stream, "  namespace: ")
			wanted := objectsOf(t, stream)
			got := objectsOf(t, fluxBuilds(t, filepath.Join(dir, "same"), fluxKustomization(targetNamespace+namespace+"\n")))
			if diff := cmp.Diff(wanted, got); diff != "" || namespace == "" {
				t.Errorf("the namespace of the build changes something (- meshfn build, + what Flux applies):\n%s", diff)
			}
			if file := filepath.Join(dir, name, "kustomization.yaml"); strings.Contains(read(t, file), "namespace: ") {
				write(t, dir, filepath.Join(name, "kustomization.yaml"), strings.Replace(read(t, file), "namespace: "+namespace+"\n", "", 1))
				onlyFluxKnows(t, dir, name, namespace, wanted)
			}
		})
	}
}

// onlyFluxKnows builds an example that does not say its namespace. Where something needs to know it, that is refused, or
// found in what Flux builds.
func onlyFluxKnows(t *testing.T, dir, name, namespace string, wanted map[string]object) {
	t.Helper()
	if build := run(t, dir, "meshfn", "build", name, "--output", "none"); build.err != nil {
		if !strings.Contains(build.stderr, "namespace") {
			t.Errorf("it cannot be built without a namespace for another reason: %s", build.stderr)
		}
		return
	}
	base := lineOf(streamOf(t, filepath.Join(dir, "none")), "  namespace: ")
	output := fluxBuilds(t, filepath.Join(dir, "none"), fluxKustomization(targetNamespace+namespace+"\n"))
	write(t, dir, "applied.yaml", output)
	check := run(t, dir, "meshfn", "check", "applied.yaml")
	if base != "" && base != namespace {
		if check.err == nil || !strings.Contains(check.stdout, "MF0311") {
			t.Errorf("it was built for %s, which a base says, and nobody says so: %v\n%s", base, check.err, check.stdout)
		}
		return
	}
	check.must(t)
	got := objectsOf(t, output)
	source := []string{"metadata", "annotations", "meshfn.dev/source"} // names the namespace where the build knows it
	if diff := cmp.Diff(without(wanted, source...), without(got, source...)); diff != "" {
		t.Errorf("a namespace of Flux alone gives something else (- meshfn build, + what Flux applies):\n%s", diff)
	}
}

// TestFluxMoves shows what another targetNamespace than that of the build breaks, and that meshfn check finds it in what
// Flux builds.
func TestFluxMoves(t *testing.T) {
	dir := t.TempDir()
	run(t, dir, "meshfn", "build", filepath.Join(repository, "examples", "flux", "app"), "--output", "rendered").must(t)
	output := fluxBuilds(t, filepath.Join(dir, "rendered"), fluxKustomization(targetNamespace+"shop-eu\n"))
	moved := objectsOf(t, output)
	// Names without a namespace follow.
	route := moved["networking.istio.io/v1 VirtualService shop-eu cart"]
	if hosts, _ := route["spec"].(object)["hosts"].([]any); len(hosts) != 1 || hosts[0] != "cart" {
		t.Errorf("the VirtualService does not follow: %v", route)
	}
	// Names with one do not: nobody has the identity that the policy lets in, and the import brings nothing.
	for id, stays := range map[string]string{
		"security.istio.io/v1 AuthorizationPolicy shop-eu cart": "cluster.local/ns/shop/sa/web",
		"networking.istio.io/v1 Sidecar shop-eu web":            "cart.shop.svc.cluster.local",
	} {
		if !strings.Contains(output, stays) || moved[id] == nil {
			t.Errorf("%s does not have %s any more; the guide is out of date:\n%s", id, stays, output)
		}
	}
	write(t, dir, "applied.yaml", output)
	got := run(t, dir, "meshfn", "check", "applied.yaml")
	for _, want := range []string{`was decided for namespace "shop", and is in "shop-eu" now`, "[MF0311]", "[MF0905]"} {
		if got.err == nil || !strings.Contains(got.stdout+got.stderr, want) {
			t.Errorf("meshfn check does not find %s: %v\n%s%s", want, got.err, got.stdout, got.stderr)
		}
	}
}

// TestFluxMovesNamespaces shows what targetNamespace makes of a Namespace and of objects that are for another one: all are
// moved. The guide says not to have them in such an artifact.
func TestFluxMovesNamespaces(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "rendered/namespace.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n")
	write(t, dir, "rendered/other.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: other}\n")
	got := objectsOf(t, fluxBuilds(t, filepath.Join(dir, "rendered"), fluxKustomization(targetNamespace+"shop-eu\n")))
	for _, want := range []string{"v1 Namespace  shop-eu", "v1 ConfigMap shop-eu settings"} {
		if got[want] == nil {
			t.Errorf("there is no %s: %v", want, got)
		}
	}
}

// lineOf is what follows the words at the beginning of a line.
func lineOf(content, words string) string {
	for line := range strings.SplitSeq(content, "\n") {
		if value, ok := strings.CutPrefix(line, words); ok {
			return value
		}
	}
	return ""
}

// streamOf joins the files of a directory.
func streamOf(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var stream strings.Builder
	for _, entry := range entries {
		stream.WriteString("---\n" + read(t, filepath.Join(dir, entry.Name())))
	}
	return stream.String()
}
