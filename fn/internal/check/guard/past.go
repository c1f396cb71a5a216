package guard

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
	"istio.io/api/annotation"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// rerouted is the newer name of an annotation; the list of Istio's API has it under this constant in the latest releases only.
const rerouted = "istio.io/reroute-virtual-interfaces"

// around is a way around the sidecar that an annotation of pods opens.
type around struct {
	key string
	// calls says which calls take it with this value, nothing where none do; every is whether those are as good as all.
	calls func(value string, pod *cluster.Pod, permitted []string) (calls string, every bool)
}

// ways are the annotations by which Istio redirects fewer calls to the sidecar, or none.
// https://istio.io/latest/docs/reference/config/annotations/
func ways() []around {
	return []around{
		{annotation.SidecarTrafficExcludeInboundPorts.Name, excludedPorts},
		{annotation.SidecarTrafficIncludeInboundPorts.Name, includedPorts},
		{annotation.SidecarTrafficExcludeInterfaces.Name, interfaces},
		{annotation.SidecarTrafficKubevirtInterfaces.Name, interfaces},
		{rerouted, interfaces},
		{annotation.SidecarInterceptionMode.Name, intercepted},
		{annotation.ProxyConfig.Name, configured},
	}
}

// past finds calls that reach the pods without their sidecar, which alone refuses plain text. What the profile itself sets, and
// the ports that it allows by name, are the platform's own decision.
func (c *checker) past(pod *cluster.Pod, stage spec.Stage) {
	for _, way := range ways() {
		value, ok := pod.Annotations[way.key]
		at := pod.AnnotationAt(way.key)
		if !ok || at.Resource.Kind == profileKind {
			continue
		}
		calls, every := way.calls(value, pod, c.permitted(pod.Namespace))
		if calls == "" {
			continue
		}
		finding := diag.Finding{
			Code: diag.PastSidecar, Severity: diag.Warning, Source: at,
			Message: fmt.Sprintf("%s reach %s past its sidecar, which alone refuses plain text", calls, named(pod, stage)),
			Related: []diag.Source{stage.At},
			Try:     orException("remove "+way.key, pod),
		}
		if _, byHand := pod.AnnotationByHand(way.key); !byHand {
			finding.Try = "remove the setting, or ask for limits: {proxy.excludeInboundPorts: {allowed: […]}} in the MeshProfile"
		}
		if every {
			finding.Severity = diag.Error
		}
		c.report(finding)
	}
}

const profileKind = "MeshProfile"

// permitted lists the ports that a limit of the profile allows to exclude.
func (c *checker) permitted(namespace string) []string {
	rules := c.Rules.In(namespace)
	for i := range rules.Limits {
		if rules.Limits[i].Path == "proxy.excludeInboundPorts" {
			return rules.Limits[i].Allowed
		}
	}
	return nil
}

func excludedPorts(value string, _ *cluster.Pod, permitted []string) (calls string, every bool) {
	list := slices.DeleteFunc(words(value), func(port string) bool { return slices.Contains(permitted, port) })
	if len(list) > 0 {
		return "calls to port " + strings.Join(list, ", "), false
	}
	return "", false
}

// includedPorts is about the ports that are left out of a list of those that are redirected.
func includedPorts(value string, pod *cluster.Pod, _ []string) (calls string, every bool) {
	list := words(value)
	switch {
	case slices.Contains(list, "*"):
		return "", false
	case len(list) == 0:
		return "all calls", true
	}
	for _, port := range portsOf(pod) {
		if !slices.Contains(list, port) {
			return "calls to every port but " + strings.Join(list, ", "), false
		}
	}
	return "", false
}

// portsOf lists the ports that the pods say they have.
func portsOf(pod *cluster.Pod) []string {
	var ports []string
	for i := range pod.Containers {
		for _, port := range pod.Containers[i].Ports {
			ports = append(ports, strconv.Itoa(int(port.Number)))
		}
	}
	for _, service := range pod.Services {
		for i := range service.Ports {
			number, _ := pod.Target(&service.Ports[i])
			ports = append(ports, strconv.Itoa(int(number)))
		}
	}
	return ports
}

func interfaces(value string, _ *cluster.Pod, _ []string) (calls string, every bool) {
	if list := words(value); len(list) > 0 {
		return "calls on interface " + strings.Join(list, ", "), true
	}
	return "", false
}

func intercepted(value string, _ *cluster.Pod, _ []string) (calls string, every bool) {
	if value == "NONE" {
		return "all calls", true
	}
	return "", false
}

// configured is the same where the configuration of the proxy says it.
func configured(value string, pod *cluster.Pod, permitted []string) (calls string, every bool) {
	var config struct {
		InterceptionMode string `yaml:"interceptionMode"`
	}
	if yaml.Unmarshal([]byte(value), &config) != nil {
		return "", false // That it cannot be read is said elsewhere.
	}
	return intercepted(config.InterceptionMode, pod, permitted)
}

// words takes a list with commas apart.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}
