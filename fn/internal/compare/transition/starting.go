package transition

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// starting finds routes of NEW that send calls, which others answered until now, to pods that start only with this change. Until
// they are ready, Envoy has a cluster without endpoints there, and answers 503.
func (c *checker) starting() {
	said := map[[2]string]bool{}
	for _, d := range destinationsOf(c.now) {
		key := [2]string{d.host.Full, d.subset}
		if d.vs == nil || !d.share || d.mirror || said[key] || !c.taken(d) {
			continue
		}
		labels, known := c.labelsOf(d)
		if !known || c.runsAlready(d.host.Service, labels) {
			continue
		}
		pod := c.firstOf(d.host.Service, labels)
		if pod == nil {
			continue // NEW knows no pods either, so the build does not tell.
		}
		said[key] = true
		c.notReady(d, pod)
	}
}

// labelsOf are what the pods of a destination have beside the labels of the Service.
func (c *checker) labelsOf(d *destination) (labels map[string]string, known bool) {
	if d.host.Service == nil || len(d.host.Service.Selector) == 0 {
		return nil, false
	}
	if d.subset == "" {
		return nil, true
	}
	to := subsetOf(c.now, d.host.Full, d.subset)
	before := subsetOf(c.old, d.host.Full, d.subset)
	if to == nil || before != nil && c.ledTo(d) {
		return nil, false // What changes its labels is said there.
	}
	return to.labels, true
}

// ledTo reports whether a route of OLD sent calls there.
func (c *checker) ledTo(d *destination) bool {
	return slices.ContainsFunc(c.routesBefore, func(before *destination) bool {
		return before.share && before.host.Full == d.host.Full && before.subset == d.subset
	})
}

func (c *checker) runsAlready(service *facts.Service, labels map[string]string) bool {
	return slices.ContainsFunc(c.old.SelectedIn(service.Namespace, service.Selector), func(pod *cluster.Pod) bool {
		return len(labels) == 0 || facts.Matches(labels, pod.Labels)
	})
}

func (c *checker) firstOf(service *facts.Service, labels map[string]string) *cluster.Pod {
	for _, pod := range podsBehind(c.now, service) {
		if len(labels) == 0 || facts.Matches(labels, pod.Labels) {
			return pod
		}
	}
	return nil
}

// taken reports whether a route of NEW takes calls that OLD answered: its host was there, and its conditions are none or those
// of a route of OLD.
func (c *checker) taken(d *destination) bool {
	hosts := d.hosts(c.now)
	for _, before := range c.routesBefore {
		if before.vs == nil || !before.share || before.mirror || !sharesOne(hosts, before.hosts(c.old)) || atMesh(before.vs) != atMesh(d.vs) {
			continue
		}
		if len(before.match) == 0 || sameMatch(before.match, d.match) {
			return len(d.match) == 0 || sameMatch(before.match, d.match)
		}
	}
	if !atMesh(d.vs) || len(d.match) > 0 {
		return false
	}
	return slices.ContainsFunc(hosts, func(host string) bool { // Without a route, calls went to the pods of the Service itself.
		resolved := c.old.Resolve(host, d.vs.Namespace)
		return resolved.Service != nil && len(resolved.Service.Workloads) > 0
	})
}

func sharesOne(a, b []string) bool {
	return slices.ContainsFunc(a, func(one string) bool { return slices.Contains(b, one) })
}

func (c *checker) notReady(d *destination, pod *cluster.Pod) {
	what, setting := named(d), "versions"
	try := steps(
		"add the workload and its Service, and leave the route as it is",
		"once the pods are ready, change the route",
	)
	if d.subset != "" {
		what, setting = fmt.Sprintf("version %q of %s", d.subset, what), "versions."+d.subset
		try = steps(
			"add the workload and the version with weight: 0",
			"once the pods are ready, give the version its weight",
		)
		if before := c.podsBefore[podName(pod)]; before != nil {
			try = steps(
				"add the labels to the pod template, without a version that selects them",
				"once all pods are replaced, add the version",
			)
		}
	}
	c.report(diag.Finding{
		Code: diag.NotReady, Source: written(c.to, d.meta, d.field, subjectOf(d.host.Service), setting),
		Message: fmt.Sprintf("%s gets calls before any pod of it runs: its share of them fails with 503 until the first one is ready", what),
		Because: []string{podName(pod) + " starts such pods only with this change, and routes hold at once"},
		Related: []diag.Source{c.to.Located(pod.Source(pod.MetadataField("labels")))},
		Try:     try,
	})
}
