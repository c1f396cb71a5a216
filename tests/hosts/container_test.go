package hosts

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const image = "ghcr.io/meshfn/meshfn:v0.1"

const smallList = `apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
- apiVersion: v1
  kind: Service
  metadata:
    name: web
  spec:
    selector:
      app: web
    ports:
    - name: http
      port: 80
functionConfig:
  apiVersion: meshfn.dev/v1alpha1
  kind: Mesh
  metadata:
    name: shop
`

// confined are the arguments of a run with less than any host gives: what SECURITY.md promises of the container, enforced.
func confined(mounts ...string) []string {
	args := []string{
		"run", "--rm", "--interactive", "--network", "none", "--user", "nobody", "--read-only", "--read-only-tmpfs=false",
		"--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--tmpfs", "/tmp:rw,noexec,nosuid,nodev,size=64m",
	}
	for _, mount := range mounts {
		args = append(args, "--volume", mount)
	}
	return args
}

// TestContainer runs the image as a function, and each verb over a repository that is mounted for reading only.
func TestContainer(t *testing.T) {
	args := append(confined(), image)
	got := runWith(t, ".", smallList, "docker", args...).must(t)
	if !strings.Contains(got, "kind: VirtualService") {
		t.Errorf("nothing was generated:\n%s", got)
	}
	bad := runWith(t, ".", strings.Replace(smallList, "name: shop", "name: shop\n  spec: {nonsense: 1}", 1), "docker", args...)
	if bad.err == nil || !strings.Contains(bad.stderr, "MF0005") || strings.Contains(bad.stdout, "VirtualService") {
		t.Errorf("an error has to fail and say why: %v\n%s\n%s", bad.err, bad.stderr, bad.stdout)
	}
	out := t.TempDir()
	if err := os.Chmod(out, 0o777); err != nil { // Nobody, the user of the image, writes into it.
		t.Fatal(err)
	}
	at := append(confined(repository+"/examples:/examples:ro", out+":/out"), "--workdir")
	for name, test := range map[string]struct {
		in, want string
		args     []string
	}{
		"build":             {"/examples", "kind: VirtualService", []string{"build", "quickstart"}},
		"build into":        {"/examples", "", []string{"build", "quickstart", "--output", "/out/built"}},
		"render":            {"/examples", "kind: VirtualService", []string{"render", "kpt"}},
		"rendered":          {"/examples", "quickstart: ", []string{"rendered", "quickstart", "kpt", "--output", "/out/rendered"}},
		"check":             {"/examples", "", []string{"check", "quickstart"}},
		"diff":              {"/examples", "cart", []string{"diff", "/dev/null", "quickstart"}},
		"explain":           {"/examples", "timeout", []string{"explain", "web", "timeout", "--dir", "quickstart"}},
		"init":              {"/examples", "kind: Mesh", []string{"init", "shop/app", "--stdout"}},
		"catalog":           {"/examples", "kind: MeshCatalog", []string{"catalog", "platform/shop", "platform/billing"}},
		"catalog into":      {"/examples", "", []string{"catalog", "platform/shop", "-o", "/out/catalog.yaml"}},
		"schema":            {"/", `"$schema"`, []string{"schema", "Mesh"}},
		"version":           {"/", "istio.io/api v", []string{"version"}},
		"argocd discover":   {"/examples/quickstart", "profile.yaml", []string{"argocd", "discover"}},
		"argocd generate":   {"/examples/quickstart", "kind: VirtualService", []string{"argocd", "generate"}},
		"argocd parameters": {"/examples/quickstart", "overlay", []string{"argocd", "parameters"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := run(t, ".", "docker", slices.Concat(at, []string{test.in, image}, test.args)...).must(t)
			if !strings.Contains(got, test.want) {
				t.Errorf("%q is not in it:\n%s", test.want, got)
			}
		})
	}
	for _, made := range []string{"built", "rendered/quickstart/meshfn.sha256", "catalog.yaml"} {
		if _, err := os.Stat(filepath.Join(out, made)); err != nil {
			t.Error(err)
		}
	}
}

// TestImage looks at what the image says of itself and at what it holds.
func TestImage(t *testing.T) {
	inspected := run(t, ".", "docker", "image", "inspect", image).must(t)
	for _, want := range []string{`"User": "65534:65534"`, `"org.opencontainers.image.licenses": "Apache-2.0"`, `"/meshfn"`} {
		if !strings.Contains(inspected, want) {
			t.Errorf("the image does not say %s:\n%s", want, inspected)
		}
	}
	if got := run(t, ".", "docker", "run", "--rm", "--entrypoint", "/bin/sh", image, "-c", "true"); got.err == nil {
		t.Error("the image has a shell")
	}
}
