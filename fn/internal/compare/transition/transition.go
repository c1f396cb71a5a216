// Package transition finds what goes wrong on the way from one build to another, though each of them is right: what is
// applied first meets what is still there, and pods that run already keep what they were started with.
//
// Three clocks run on that way. Istio tells the proxies at once what an object says, in the order in which objects arrive,
// which differs from tool to tool. Kubernetes moves the endpoints of a Service at once. But a pod keeps its labels, its
// service account and its sidecar until it is replaced, which takes as long as the slowest start of a container.
// https://istio.io/latest/docs/ops/best-practices/traffic-management/#avoid-503-errors-while-reconfiguring-service-routes
package transition

import (
	"slices"
	"strconv"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/compare/side"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Check lists what is unsafe as an error, and what one has to know as a warning.
func Check(from, to *side.Side) diag.List {
	c := &checker{from: from, to: to, old: from.View, now: to.View, strict: map[*call]bool{}}
	c.podsBefore = podsByName(from.View)
	c.podsAfter = podsByName(to.View)
	c.listCalls()
	c.routesBefore = destinationsOf(from.View)

	c.subsets()
	c.services()
	c.starting()
	c.exports()
	c.strictMode()
	c.access()
	c.leaving()
	c.mutual()
	c.plainBegins()
	c.scope()
	c.accessOnly()
	c.outside()
	c.hosts()
	c.restarts()
	c.immutable()
	return c.findings.Sorted()
}

type checker struct {
	from, to *side.Side
	old, now *cluster.View

	podsBefore, podsAfter map[string]*cluster.Pod // by kind, namespace and name
	routesBefore          []*destination
	calls                 []*call
	strict                map[*call]bool // calls of which is said that they are refused for want of mutual TLS

	lost []lostAccess // calls that NEW neither says nor permits

	findings diag.List
}

func (c *checker) report(finding diag.Finding) {
	finding.Related = slices.DeleteFunc(finding.Related, func(at diag.Source) bool {
		return at == (diag.Source{}) || at == finding.Source
	})
	var once []diag.Source
	for _, at := range finding.Related {
		if !slices.Contains(once, at) {
			once = append(once, at)
		}
	}
	finding.Related = once
	c.findings = append(c.findings, finding)
}

// steps is what to do one after the other, each in a change of its own.
func steps(each ...string) string {
	lines := make([]string, 0, len(each))
	for i, step := range each {
		lines = append(lines, strconv.Itoa(i+1)+". "+step)
	}
	return strings.Join(lines, "\n")
}
