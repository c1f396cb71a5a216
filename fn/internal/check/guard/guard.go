// Package guard checks the promise of the stages strict and authorize: pods accept calls over mutual TLS only. The platform
// gives that promise in the rollout, so nothing that an application keeps by hand may take it back without a word.
package guard

import (
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Check reports what would let plain text into pods that are to refuse it, and pods that no sidecar guards.
func Check(v *cluster.View) diag.List {
	c := &checker{View: v, opened: map[*cluster.Pod]bool{}, closed: map[*cluster.Pod]bool{}}
	c.peers()
	c.filters()
	for _, pod := range v.Pods {
		stage, ok := v.Stages.Guarded(pod.Workload)
		if !ok || pod.Gateway() && !pod.HasApplication() { // A gateway is there to be called from outside.
			continue
		}
		sidecar := v.Injection(pod).Sidecar
		switch {
		case (sidecar == facts.No || sidecar == facts.Unknown && v.Stages.Injected[pod.Workload]) && !hasProxy(pod):
			c.outside(pod, stage)
			continue
		case v.Covered[pod.Workload]:
			c.plain(pod, stage)
			c.unsure(pod, stage)
		default:
			c.uncovered(pod, stage)
		}
		c.past(pod, stage)
		c.replaced(pod, stage)
	}
	c.unread()
	return c.findings
}

type checker struct {
	*cluster.View
	opened   map[*cluster.Pod]bool // those of which a finding says what accepts plain text for them
	closed   map[*cluster.Pod]bool // those that an object of their own makes refuse plain text
	findings diag.List
}

func (c *checker) report(finding diag.Finding) { c.findings = append(c.findings, finding) }

// hasProxy reports whether a proxy is in the template already, where nothing has to inject one.
func hasProxy(pod *cluster.Pod) bool {
	return slices.ContainsFunc(pod.Containers, func(c facts.Container) bool { return c.Name == facts.ProxyContainer && c.Image != "auto" })
}

// named names pods and their stage in a message.
func named(pod *cluster.Pod, stage spec.Stage) string {
	return fmt.Sprintf("%s %q, which is at stage %s,", pod.Kind, pod.Name, stage.Name)
}

// exception is how the platform permits it after all.
func exception(pod *cluster.Pod) string {
	if len(pod.Services) > 0 {
		return fmt.Sprintf("services: {%s: resilience}", pod.Services[0].Name)
	}
	return fmt.Sprintf("workloads: {%s/%s: resilience}", pod.Kind, pod.Name)
}

// orException is a way out, and the one that only the platform can take.
func orException(try string, pod *cluster.Pod) string {
	return strings.TrimPrefix(try+", or ask for an exception in the rollout: "+exception(pod), ", or ")
}
