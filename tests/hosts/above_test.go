package hosts

import (
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// refused is what the programs say of a tree that has to be refused.
type refused struct {
	dir string
	// kustomize and build are in what kustomize with the container and meshfn build say. Where kustomize is empty, it
	// builds, because its function cannot know better, and check is in what meshfn check says of the result.
	kustomize, build, check string
}

// TestAbove shows what becomes of a component, or a second entry, that runs before the names and namespaces of the levels
// above are set: an error, and where the function itself cannot know, an error of the tools that see the finished build.
func TestAbove(t *testing.T) {
	root := unpack(t, txtar.Parse([]byte(aboveTree)))
	for _, test := range []refused{
		{dir: "namespace_here", kustomize: "the profile has rules by namespace [MF0103]", build: "instead of the component"},
		{dir: "namespace_above", kustomize: "name the platform's transformer directory", build: "namespace_above/kustomization.yaml:1:1"},
		{dir: "namespace_nowhere", kustomize: "MF0103", build: "set the namespace in the resources"},
		{dir: "namespace_moved", build: "under transformers of namespace_moved/kustomization.yaml", check: "decided for namespace \"shop\", and is in \"prod\" now"},
		{dir: "prefix", build: "under transformers of prefix/kustomization.yaml", check: "MF0308"},
		{dir: "two_levels", kustomize: "meshfn runs twice over the same resources", build: "two_levels/kustomization.yaml:4:3"},
		{dir: "two_entries", kustomize: "meshfn runs twice over the same resources", build: "MeshProfile again"},
	} {
		t.Run(test.dir, func(t *testing.T) { refuse(t, root, test) })
	}
}

func refuse(t *testing.T, root string, test refused) {
	built := run(t, root, "kustomize", append(containerFlags, test.dir)...)
	switch {
	case test.kustomize != "":
		if built.err == nil || !strings.Contains(built.stderr, test.kustomize) {
			t.Errorf("kustomize: %v\n%s", built.err, built.stderr)
		}
		if n := strings.Count(built.stderr, "error: "); n != 1 {
			t.Errorf("kustomize shows %d errors of the function, not one:\n%s", n, built.stderr)
		}
	default:
		checked := runWith(t, root, built.must(t), "meshfn", "check", "-")
		if checked.err == nil || !strings.Contains(checked.stdout, test.check) {
			t.Errorf("kustomize build | meshfn check -: %v\n%s", checked.err, checked.stdout)
		}
	}
	ours := run(t, root, "meshfn", "build", test.dir)
	if ours.err == nil || !strings.Contains(ours.stderr, test.build) || ours.stdout != "" {
		t.Errorf("meshfn build: %v\n%s", ours.err, ours.stderr)
	}
}

// TestOnlyHere builds an entry that names no function, with a warning. kustomize fails.
func TestOnlyHere(t *testing.T) {
	root := unpack(t, txtar.Parse([]byte(aboveTree)))
	ours := run(t, root, "meshfn", "build", "no_function")
	if ours.err != nil || !strings.Contains(ours.stderr, "MF0022") || !strings.Contains(ours.stdout, "kind: VirtualService") {
		t.Errorf("meshfn build: %v\n%s", ours.err, ours.stderr)
	}
	if theirs := run(t, root, "kustomize", append(containerFlags, "no_function")...); theirs.err == nil {
		t.Error("kustomize runs an entry that names no function; the warning is out of date")
	}
}

const aboveTree = `
-- base/web.yaml --
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
  - {name: http, port: 80}
-- base/mesh.yaml --
apiVersion: meshfn.dev/v1alpha1
kind: Mesh
metadata:
  name: shop
spec: {}
-- base/kustomization.yaml --
resources: [web.yaml, mesh.yaml]
-- shop/kustomization.yaml --
namespace: shop
resources: [../base]
-- platform/profile.yaml --
apiVersion: meshfn.dev/v1alpha1
kind: MeshProfile
metadata:
  name: platform
  annotations:
    config.kubernetes.io/function: |
      container:
        image: ghcr.io/meshfn/meshfn:v0.1
spec:
  namespaces:
    shop: {defaults: {timeout: 3s}}
-- platform/kustomization.yaml --
resources: [profile.yaml]
-- component/kustomization.yaml --
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
transformers: [../platform]
-- namespace_here/kustomization.yaml --
namespace: shop
resources: [../base]
components: [../component]
-- namespace_nowhere/kustomization.yaml --
resources: [../base]
components: [../component]
-- namespace_above/kustomization.yaml --
namespace: shop
resources: [../namespace_nowhere]
-- namespace_moved/kustomization.yaml --
namespace: prod
resources: [../shop]
components: [../component]
-- prefix/kustomization.yaml --
namePrefix: eu-
resources: [../shop]
components: [../component]
-- two_levels/kustomization.yaml --
namePrefix: eu-
resources: [base]
transformers:
- ../platform
-- two_levels/base/kustomization.yaml --
resources: [../../shop]
transformers: [../../platform]
-- two_entries/kustomization.yaml --
resources: [../shop]
transformers: [../platform, again.yaml]
-- two_entries/again.yaml --
apiVersion: meshfn.dev/v1alpha1
kind: MeshProfile
metadata:
  name: again
  annotations:
    config.kubernetes.io/function: |
      container:
        image: ghcr.io/meshfn/meshfn:v0.1
-- no_function/kustomization.yaml --
resources: [../shop]
transformers: [profile.yaml]
-- no_function/profile.yaml --
apiVersion: meshfn.dev/v1alpha1
kind: MeshProfile
metadata:
  name: platform
`
