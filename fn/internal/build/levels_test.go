package build

import (
	"fmt"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// TestManyPaths has components that list each other in so many ways that nobody could go through them one by one.
func TestManyPaths(t *testing.T) {
	const depth = 40
	tree := "-- kustomization.yaml --\nnamePrefix: eu-\nresources: [base]\ncomponents: [a0, b0]\n" +
		"-- base/kustomization.yaml --\nresources: [web.yaml]\n" +
		"-- base/web.yaml --\napiVersion: v1\nkind: Service\nmetadata: {name: web}\n"
	for i := range depth {
		for _, side := range []string{"a", "b"} {
			tree += fmt.Sprintf("-- %s%d/kustomization.yaml --\napiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n", side, i)
			if i+1 < depth {
				tree += fmt.Sprintf("components: [../a%d, ../b%d]\n", i+1, i+1)
				continue
			}
			tree += "transformers:\n- |-\n  apiVersion: meshfn.dev/v1alpha1\n  kind: MeshProfile\n  metadata:\n    name: " + side + "\n" +
				"    annotations: {config.kubernetes.io/function: \"container: {image: 'meshfn:v1'}\"}\n"
		}
	}
	result, findings := enter(t, txtar.Parse([]byte(tree))).build(t, ".")
	if len(findings) != 2 || findings[0].Code != diag.RunsTwice {
		t.Error(text(t, result, findings))
	}
}
