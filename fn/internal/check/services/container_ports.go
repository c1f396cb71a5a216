package services

import (
	"fmt"
	"maps"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// containerPorts finds ports of the pods that several ports of Services lead to. A sidecar has one listener for each port
// of its pod, and takes what it needs to know from the oldest Service.
func (c *checker) containerPorts() {
	said := map[diag.Source]bool{}
	for _, pod := range c.Pods {
		sidecar := c.Injection(pod).Sidecar
		if sidecar == facts.No {
			continue
		}
		uses := usesOf(pod)
		for _, target := range slices.Sorted(maps.Keys(uses)) {
			finding, found := shared(pod, target, uses[target])
			if !found || said[finding.Source] {
				continue // Other pods behind the same Services have it too.
			}
			said[finding.Source] = true
			finding.Severity = max(finding.Severity, ifMeshed(sidecar, diag.Warning))
			c.report(finding)
		}
	}
}

// usesOf lists the ports of Services by the port of the pods that they lead to.
func usesOf(pod *cluster.Pod) map[string][]use {
	uses := map[string][]use{}
	for _, service := range pod.Services {
		for i := range service.Ports {
			one := use{service, &service.Ports[i]}
			if one.tcp() {
				to := target(one.port, pod.Workload)
				uses[to] = append(uses[to], one)
			}
		}
	}
	return uses
}

// shared describes the worst that is wrong with one port of the pods.
func shared(pod *cluster.Pod, target string, uses []use) (diag.Finding, bool) {
	if first, second, ok := pair(uses, func(a, b use) bool { return a.port.Number == b.port.Number && a.differ(b) }); ok {
		return diag.Finding{
			Code: diag.PortProtocols, Severity: diag.Warning, Source: second.at(), Message: fmt.Sprintf(
				"port %d is %s in Service %q and %s in Service %q, and both lead to port %s of %s %q",
				second.port.Number, second.port.Protocol, second.service.Name, first.port.Protocol, first.service.Name, target, pod.Kind, pod.Name,
			),
			Because: []string{"a sidecar takes each port of its pod for one protocol: that of the oldest Service"},
			Related: []diag.Source{first.at()}, Try: "give both ports the same protocol, or two different target ports",
		}, true
	}
	if first, second, ok := pair(uses, use.differ); ok {
		return diag.Finding{
			Code: diag.TargetProtocols, Severity: diag.Warning, Source: second.at(), Message: fmt.Sprintf(
				"port %d of Service %q is %s, port %d of Service %q is %s, and both lead to port %s of %s %q",
				second.port.Number, second.service.Name, second.port.Protocol, first.port.Number, first.service.Name, first.port.Protocol, target, pod.Kind, pod.Name,
			),
			Because: []string{"a sidecar takes each port of its pod for one protocol: that of the oldest Service"},
			Related: []diag.Source{first.at()}, Try: "give both ports the same protocol, or two different target ports",
		}, true
	}
	if first, second, ok := pair(uses, func(a, b use) bool { return a.port.Number != b.port.Number }); ok {
		return diag.Finding{
			Code: diag.TargetShared, Severity: diag.Info, Source: second.at(), Message: fmt.Sprintf(
				"port %d of Service %q and port %d of Service %q lead to the same port %s of %s %q",
				second.port.Number, second.service.Name, first.port.Number, first.service.Name, target, pod.Kind, pod.Name,
			),
			Because: []string{"a sidecar counts all calls to a port of its pod for one Service and one of its ports"},
			Related: []diag.Source{first.at()}, Try: "the same port in both, or two target ports",
		}, true
	}
	return diag.Finding{}, false
}

// pair finds two uses that a rule puts together, in the order of the Services.
func pair(uses []use, rule func(a, b use) bool) (first, second use, ok bool) {
	for i := range uses {
		for j := range i {
			if rule(uses[j], uses[i]) {
				return uses[j], uses[i], true
			}
		}
	}
	return use{}, use{}, false
}
