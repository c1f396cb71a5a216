package hosts

import (
	"strings"
	"testing"
)

// TestSilentSkip shows why the Mesh should not be marked local-config by hand: kustomize skips an executable function
// without a word unless --enable-exec is given, and the only thing that then stops the apply is a kind that no cluster
// knows. https://github.com/kubernetes-sigs/kustomize/issues/4399
func TestSilentSkip(t *testing.T) {
	dir := asExecutable(t, copyTree(t, "examples"))
	for _, command := range [][]string{
		{"kustomize", "build", "--enable-alpha-plugins", "quickstart"},
		{"kubectl", "kustomize", "--enable-alpha-plugins", "quickstart"},
	} {
		got := run(t, dir, command[0], command[1:]...)
		output := got.must(t)
		if strings.Contains(output, "kind: VirtualService") {
			t.Fatalf("%v ran the function; the documentation is out of date", command)
		}
		if !strings.Contains(output, "apiVersion: meshfn.dev/v1alpha1") {
			t.Errorf("%v: the Mesh is not in the output, so an apply would succeed without the mesh", command)
		}
	}
	refused := run(t, dir, "kustomize", "build", "quickstart")
	if refused.err == nil || !strings.Contains(refused.stderr, "external plugins disabled") {
		t.Errorf("without any flag: %v\n%s", refused.err, refused.stderr)
	}
}
