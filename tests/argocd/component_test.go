package argocd

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

// repoServer is Argo CD's own repo server with components of examples/argocd, decoded strictly.
func repoServer(components ...string) (*appsv1.Deployment, error) {
	module, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/argoproj/argo-cd/v3").Output()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "meshfn-argocd-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	kustomization := "namespace: argocd\nresources: [argo-cd]\ncomponents:\n"
	for _, component := range components {
		kustomization += "- " + component + "\n"
		err = errors.Join(err, os.CopyFS(filepath.Join(dir, component), os.DirFS(filepath.Join(repository, "examples", "argocd", component))))
	}
	from := filepath.Join(strings.TrimSpace(string(module)), "manifests", "base", "repo-server")
	err = errors.Join(err, os.CopyFS(filepath.Join(dir, "argo-cd"), os.DirFS(from)),
		os.WriteFile(filepath.Join(dir, "kustomization.yaml"), []byte(kustomization), 0o644))
	if err != nil {
		return nil, err
	}
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), dir)
	if err != nil {
		return nil, err
	}
	for _, resource := range built.Resources() {
		if resource.GetKind() != "Deployment" {
			continue
		}
		text, err := resource.AsYAML()
		if err != nil {
			return nil, err
		}
		deployment := &appsv1.Deployment{}
		return deployment, yaml.UnmarshalStrict(text, deployment)
	}
	return nil, fmt.Errorf("there is no Deployment among %s", built.AllIds())
}

// TestComponent holds that the component adds one container and its volume, and changes nothing else.
func TestComponent(t *testing.T) {
	before, err := repoServer()
	if err != nil {
		t.Fatal(err)
	}
	after, err := repoServer("repo-server")
	if err != nil {
		t.Fatal(err)
	}
	pod := &after.Spec.Template.Spec
	meshfn := containerOf(after, "meshfn")
	if meshfn == nil {
		t.Fatal("there is no sidecar")
	}
	for _, mount := range meshfn.VolumeMounts {
		known := slices.ContainsFunc(pod.Volumes, func(volume corev1.Volume) bool { return volume.Name == mount.Name })
		if !known {
			t.Errorf("the pod has no volume %s", mount.Name)
		}
	}
	if tmp := containerOf(after, "argocd-repo-server").VolumeMounts; slices.ContainsFunc(tmp, func(mount corev1.VolumeMount) bool {
		return mount.Name == "meshfn-tmp"
	}) {
		t.Error("the repo server shares the directory for temporary files")
	}
	own := *containerOf(before, "argocd-repo-server").SecurityContext
	own.RunAsUser = meshfn.SecurityContext.RunAsUser
	if diff := cmp.Diff(own, *meshfn.SecurityContext); diff != "" {
		t.Errorf("the sidecar has other rights than the repo server (- repo server, + sidecar):\n%s", diff)
	}
	if got := *meshfn.SecurityContext.RunAsUser; got != 999 {
		t.Errorf("it runs as user %d; Argo CD wants 999", got)
	}
	pod.Containers = slices.DeleteFunc(pod.Containers, func(c corev1.Container) bool { return c.Name == "meshfn" })
	pod.Volumes = slices.DeleteFunc(pod.Volumes, func(v corev1.Volume) bool { return v.Name == "meshfn-tmp" })
	slices.SortFunc(pod.Volumes, byName)
	slices.SortFunc(before.Spec.Template.Spec.Volumes, byName)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("something else changed (- before, + after):\n%s", diff)
	}
}

func byName(a, b corev1.Volume) int { return strings.Compare(a.Name, b.Name) }
