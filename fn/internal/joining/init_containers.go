package joining

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// initContainers finds init containers that run before an ordinary sidecar does. A native one starts before them. Those
// that keep running, and those of the sidecar's user, are no matter.
// https://istio.io/latest/docs/setup/additional-setup/cni/#compatibility-with-application-init-containers
func (a *asker) initContainers() {
	native, _ := Native(a.Annotations, a.NativeSidecars)
	if native != nil && *native || a.leavesOutbound() {
		return
	}
	var quiet []*facts.Container
	for i := range a.Workload.Containers {
		container := &a.Workload.Containers[i]
		if _, _, bypasses := a.proxyUser(container); !container.Init || container.Stays || bypasses || ofIstio(container.Name) {
			continue
		}
		sign, calls := a.calls(container)
		if !calls || native == nil {
			quiet = append(quiet, container)
			continue
		}
		a.beforeSidecar(diag.Warning, container,
			fmt.Sprintf("init container %q of %s calls others (%s), and runs before there is a sidecar", container.Name, a.name(), sign))
	}
	if len(quiet) == 0 {
		return
	}
	names := make([]string, 0, len(quiet))
	for _, container := range quiet {
		names = append(names, fmt.Sprintf("%q", container.Name))
	}
	message := fmt.Sprintf("not checked: whether init container %s of %s needs the network, before there is a sidecar", strings.Join(names, ", "), a.name())
	if native == nil {
		message = fmt.Sprintf("not checked: whether the sidecar of %s runs before init container %s: the profile does not say whether sidecars are native",
			a.name(), strings.Join(names, ", "))
	}
	a.beforeSidecar(diag.Info, quiet[0], message)
}

func (a *asker) beforeSidecar(severity diag.Severity, container *facts.Container, message string) {
	a.report(Obstacle{
		Code: diag.BeforeSidecar, Severity: severity, At: a.at(container.Field), Message: message,
		Because: []string{
			"where Istio's CNI plugin is installed, calls of init containers are sent to a sidecar that does not run yet, and fail",
			"where it is not, they leave without mTLS, and a Service that demands it refuses them",
		},
		Try: "istio: {nativeSidecars: true} in the MeshProfile if they are native; or securityContext: {runAsUser: 1337} for the init container, " +
			"or proxy: {excludeOutboundPorts: […]} with the ports that it calls; or sidecar: false",
	})
}

// leavesOutbound reports whether the author of the pods has thought of calls that the sidecar must not see. Which of them
// are those of an init container cannot be known.
func (a *asker) leavesOutbound() bool {
	included, limits := a.Annotations[facts.IncludeOutboundRanges]
	return len(a.SkipOutbound) > 0 || a.Annotations[facts.ExcludeOutboundPorts] != "" || a.Annotations[facts.ExcludeOutboundRanges] != "" ||
		limits && included == "" || a.captures("NONE")
}

// ofIstio reports whether a container is one that an injector has put into the template.
func ofIstio(name string) bool {
	return slices.Contains([]string{"istio-init", "istio-validation", facts.ProxyContainer, "enable-core-dump"}, name)
}

// networkWords are programs that call others.
func networkWords() []string {
	return []string{
		"curl", "wget", "nc", "netcat", "ncat", "nslookup", "getent", "telnet", "psql", "pg_isready", "mysql", "mysqladmin", "redis-cli",
		"mongosh", "grpcurl", "wait-for-it.sh", "wait-for-it", "wait-for", "wait4x", "dockerize", "flyway", "liquibase", "git", "aws", "gsutil", "kubectl", "vault",
	}
}

// calls finds a sign of calls in the command and the arguments of a container, or in its image: the name of a program that
// does nothing else, or a URL.
func (a *asker) calls(container *facts.Container) (sign string, found bool) {
	for _, field := range []string{"command", "args"} {
		for _, text := range texts(a.Workload.Item.Field(a.Workload.TemplateField("spec") + "." + container.Field + "." + field)) {
			if sign, found = callsIn(text); found {
				return sign, true
			}
		}
	}
	name := imageName(container.Image)
	if slices.Contains(networkWords(), name) {
		return "image " + name, true
	}
	return "", false
}

func callsIn(text string) (sign string, found bool) {
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(" \t\r\n;|&()`\"'$", r) }) {
		if scheme, _, isURL := strings.Cut(word, "://"); isURL && scheme != "" && scheme != "file" {
			return word, true
		}
		program := word[strings.LastIndexByte(word, '/')+1:]
		if slices.Contains(networkWords(), program) {
			return program, true
		}
	}
	return "", false
}

// texts lists the scalars of a list or of a scalar.
func texts(node *yaml.Node) []string {
	if node == nil {
		return nil
	}
	if node.Kind == yaml.ScalarNode {
		return []string{node.Value}
	}
	var all []string
	for _, each := range node.Content {
		if each.Kind == yaml.ScalarNode {
			all = append(all, each.Value)
		}
	}
	return all
}

// imageName is the last word of the path of an image, without its tag.
func imageName(image string) string {
	image, _, _ = strings.Cut(image, "@")
	name := image[strings.LastIndexByte(image, '/')+1:]
	name, _, _ = strings.Cut(name, ":")
	return name
}
