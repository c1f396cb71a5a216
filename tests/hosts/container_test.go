package hosts

import (
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

// TestContainer runs the image with less than any host gives it.
func TestContainer(t *testing.T) {
	args := []string{
		"run", "--rm", "--interactive", "--network", "none", "--user", "nobody", "--read-only", "--read-only-tmpfs=false",
		"--cap-drop", "ALL", "--security-opt", "no-new-privileges", image,
	}
	got := runWith(t, ".", smallList, "docker", args...).must(t)
	if !strings.Contains(got, "kind: VirtualService") {
		t.Errorf("nothing was generated:\n%s", got)
	}
	bad := runWith(t, ".", strings.Replace(smallList, "name: shop", "name: shop\n  spec: {nonsense: 1}", 1), "docker", args...)
	if bad.err == nil || !strings.Contains(bad.stderr, "MF0005") || strings.Contains(bad.stdout, "VirtualService") {
		t.Errorf("an error has to fail and say why: %v\n%s\n%s", bad.err, bad.stderr, bad.stdout)
	}
}

// TestImageBuilds runs a command of the program in the image, as a job does.
func TestImageBuilds(t *testing.T) {
	args := []string{"run", "--rm", "--network", "none", "--volume", repository + "/examples:/examples:ro", image}
	if got := run(t, ".", "docker", append(args, "build", "/examples/quickstart")...).must(t); !strings.Contains(got, "kind: VirtualService") {
		t.Errorf("nothing was generated:\n%s", got)
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
