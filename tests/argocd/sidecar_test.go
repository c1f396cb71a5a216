package argocd

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
)

// sidecar is a running container of meshfn beside nothing: this test is the repo server.
type sidecar struct {
	id      string
	plugins string // directory of the sockets
	command *exec.Cmd
	log     *bytes.Buffer
}

// startSidecar starts the container that the components add to Argo CD's repo server, as its specification says.
func startSidecar(components ...string) (*sidecar, error) {
	deployment, err := repoServer(components...)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "meshfn-argocd-")
	if err != nil {
		return nil, err
	}
	s := &sidecar{plugins: filepath.Join(dir, "plugins"), log: &bytes.Buffer{}}
	args, err := s.podman(deployment, dir)
	if err != nil {
		return nil, err
	}
	s.command = exec.Command(filepath.Join(tools, "bin", "podman"), args...)
	s.command.Stdout, s.command.Stderr = s.log, s.log
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	for range 300 {
		if _, err := os.Stat(filepath.Join(s.plugins, "meshfn.sock")); err == nil {
			id, err := os.ReadFile(filepath.Join(dir, "id"))
			s.id = string(id)
			return s, err
		}
		time.Sleep(100 * time.Millisecond)
	}
	_ = s.command.Process.Kill()
	return nil, fmt.Errorf("the plugin server made no socket:\n%s", s.log)
}

// end kills the container: Argo CD's server does not end at the first SIGTERM.
func (s *sidecar) end() {
	_ = exec.Command(filepath.Join(tools, "bin", "podman"), "kill", "--signal", "KILL", s.id).Run()
	_ = s.command.Wait()
	_ = os.RemoveAll(filepath.Dir(s.plugins))
}

// podman turns the specification of the container into arguments. It refuses what it does not know, so that the container has
// the rights of the sidecar and no others.
func (s *sidecar) podman(deployment *appsv1.Deployment, dir string) ([]string, error) {
	container := containerOf(deployment, "meshfn")
	if container == nil {
		return nil, errors.New("the components add no container meshfn")
	}
	security := container.SecurityContext
	if security == nil || security.RunAsUser == nil || security.ReadOnlyRootFilesystem == nil || security.Capabilities == nil {
		return nil, fmt.Errorf("the sidecar has too many rights: %+v", security)
	}
	args := []string{
		"run", "--rm", "--network", "none", "--timeout", "1800", "--cidfile", filepath.Join(dir, "id"),
		"--user", strconv.FormatInt(*security.RunAsUser, 10), "--read-only=" + strconv.FormatBool(*security.ReadOnlyRootFilesystem),
		"--read-only-tmpfs=false", "--security-opt", "no-new-privileges",
	}
	for _, capability := range security.Capabilities.Drop {
		args = append(args, "--cap-drop", string(capability))
	}
	for _, variable := range container.Env {
		args = append(args, "--env", variable.Name+"="+variable.Value)
	}
	mounts, err := s.mounts(container, *security.RunAsUser)
	if err != nil {
		return nil, err
	}
	args = append(args, mounts...)
	args = append(args, "--entrypoint", container.Command[0], "localhost/meshfn-argocd:test")
	return append(append(args, container.Command[1:]...), container.Args...), nil
}

// mounts stands in for the volumes of the pod.
func (s *sidecar) mounts(container *corev1.Container, user int64) ([]string, error) {
	var args []string
	for _, mount := range container.VolumeMounts {
		readOnly := ""
		if mount.ReadOnly {
			readOnly = ":ro"
		}
		switch mount.Name {
		case "var-files": // where the repo server's init container puts Argo CD
			args = append(args, "--volume", filepath.Join(tools, "bin", "argocd-cmp-server")+":"+mount.MountPath+"/argocd-cmp-server"+readOnly)
		case "plugins":
			if err := errors.Join(os.Mkdir(s.plugins, 0o755), os.Chown(s.plugins, int(user), int(user))); err != nil {
				return nil, err
			}
			args = append(args, "--volume", s.plugins+":"+mount.MountPath+readOnly)
		case "meshfn-tmp":
			args = append(args, "--tmpfs", mount.MountPath+":rw,mode=1777")
		default:
			return nil, fmt.Errorf("the test does not know the volume %s", mount.Name)
		}
	}
	return args, nil
}

func containerOf(deployment *appsv1.Deployment, name string) *corev1.Container {
	for i := range deployment.Spec.Template.Spec.Containers {
		if container := &deployment.Spec.Template.Spec.Containers[i]; strings.EqualFold(container.Name, name) {
			return container
		}
	}
	return nil
}
