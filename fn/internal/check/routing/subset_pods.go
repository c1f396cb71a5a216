package routing

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// group is the pods, or other endpoints, behind a host.
type group struct {
	known  bool
	labels []map[string]string
	pods   []*cluster.Pod // those of labels that are pods
	place  diag.Source
}

// subsetPods checks that each subset has pods. One that has none is an empty cluster: calls to it fail with 503.
func (c *checker) subsetPods() {
	routes := c.subsetRoutes()
	for _, rule := range c.DestinationRules {
		host := c.host(rule.Spec.Host, rule.Namespace)
		if len(rule.Spec.Subsets) == 0 || !host.Known() || host.Wild() {
			continue
		}
		behind := c.behind(host)
		for i, subset := range rule.Spec.Subsets {
			field := diag.At("spec.subsets", i)
			switch {
			case len(subset.GetLabels()) == 0 && subset.GetTrafficPolicy() == nil:
				c.report(diag.Finding{
					Code: diag.SubsetWithoutLabels, Severity: diag.Info, Source: rule.At(field),
					Message: fmt.Sprintf("subset %q of %s has neither labels nor settings, so it is the same as the whole host %q",
						subset.GetName(), rule.Resource, rule.Spec.Host),
					Try: "labels: {version: …} as the pods of this subset have them",
				})
			case behind.known && !behind.hasAny(subset.GetLabels()):
				c.emptySubset(rule, subset, field, behind, routes[subsetKey{host.Full, subset.GetName()}])
			}
		}
		if !behind.known && anyLabels(rule.Spec.Subsets) {
			c.podsNotChecked(rule, "spec.subsets", "which pods its subsets have")
		}
	}
}

func anyLabels(subsets []*networking.Subset) bool {
	return slices.ContainsFunc(subsets, func(s *networking.Subset) bool { return len(s.GetLabels()) > 0 })
}

func (c *checker) podsNotChecked(rule *destinationRule, field, what string) {
	c.report(diag.Finding{
		Code: diag.UncheckedPods, Severity: diag.Info, Source: rule.At(field),
		Message: fmt.Sprintf("not checked: %s; the build has no pods of %q, of which %s speaks", what, rule.Spec.Host, rule.Resource),
		Try:     "add the workloads to the build",
	})
}

// emptySubset reports a subset without pods. One of the compact spec that is retiring has none left, and no route.
func (c *checker) emptySubset(rule *destinationRule, subset *networking.Subset, field string, behind group, route *diag.Source) {
	if rule.Generated != nil && route == nil {
		return
	}
	fail := "fail"
	if route == nil {
		fail = "would fail"
	}
	finding := diag.Finding{
		Code: diag.SubsetWithoutPods, Source: rule.At(diag.Join(field, "labels")), Related: []diag.Source{behind.place},
		Message: fmt.Sprintf("subset %q of %s selects no pods of %q (%s): calls to it %s with 503",
			subset.GetName(), rule.Resource, rule.Spec.Host, labelText(subset.GetLabels()), fail),
		Because: []string{"its labels have to be on the pod template; the pods have " + behind.values(subset.GetLabels())},
		Try:     "labels that the pods have, or the label on the pod template of the workload",
	}
	if route == nil {
		finding.Severity = diag.Warning
		finding.Because = append(finding.Because, "no route of the build sends calls to it")
	} else {
		finding.Related = append(finding.Related, *route)
	}
	c.report(finding)
}

// labelText is labels as a person writes them.
func labelText(labels map[string]string) string {
	parts := make([]string, 0, len(labels))
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		parts = append(parts, key+": "+labels[key])
	}
	return strings.Join(parts, ", ")
}

// values is what the pods have under the keys of a subset.
func (g group) values(of map[string]string) string {
	seen := map[string]bool{}
	for _, labels := range g.labels {
		for key := range of {
			if value, ok := labels[key]; ok {
				seen[key+": "+value] = true
			}
		}
	}
	if len(seen) == 0 {
		return "no label of that name"
	}
	return strings.Join(slices.Sorted(maps.Keys(seen)), ", ")
}

func (g group) hasAny(labels map[string]string) bool {
	return slices.ContainsFunc(g.labels, func(of map[string]string) bool { return selects(labels, of) })
}

// selects reports whether a subset takes an endpoint. What only the running pod has is taken for a match.
func selects(subset, labels map[string]string) bool {
	for key, value := range subset {
		if got, ok := labels[key]; (!ok || got != value) && !atRunTime(key) {
			return false
		}
	}
	return true
}

// atRunTime reports whether a label is put on pods by Kubernetes, Istio or a rollout, so that no template has it.
// https://istio.io/latest/docs/reference/config/labels/
func atRunTime(key string) bool {
	for _, prefix := range []string{"topology.kubernetes.io/", "topology.istio.io/", "kubernetes.io/", "failure-domain.beta.kubernetes.io/", "apps.kubernetes.io/", "statefulset.kubernetes.io/"} {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return slices.Contains([]string{"pod-template-hash", "rollouts-pod-template-hash", "controller-revision-hash", "security.istio.io/tlsMode"}, key)
}

// behind finds the pods of a host in the build. Those of a Service without a selector, or whose workloads are elsewhere, are
// not known.
func (c *checker) behind(host *cluster.Host) group {
	out := group{}
	if host.Service != nil {
		out.place = host.Service.Source("spec.selector")
		out.pods = c.SelectedIn(host.Namespace, host.Service.Selector)
		for _, pod := range out.pods {
			out.labels = append(out.labels, pod.Labels)
		}
	}
	for _, entry := range host.Entries {
		if host.Service == nil {
			out.place = entry.At("spec")
		}
		for _, endpoint := range entry.Spec.Endpoints {
			out.labels = append(out.labels, endpoint.GetLabels())
		}
		out.labels = append(out.labels, c.selectedBy(entry)...)
	}
	out.known = len(out.labels) > 0
	return out
}

// selectedBy lists the labels of the workloads that a ServiceEntry selects.
func (c *checker) selectedBy(entry *cluster.Object[*networking.ServiceEntry]) []map[string]string {
	selector := entry.Spec.GetWorkloadSelector().GetLabels()
	var found []map[string]string
	add := func(namespace string, labels map[string]string) {
		if namespace == entry.Namespace && facts.Matches(selector, labels) {
			found = append(found, labels)
		}
	}
	for _, pod := range c.SelectedIn(entry.Namespace, selector) {
		found = append(found, pod.Labels)
	}
	for _, workload := range c.WorkloadEntries {
		add(workload.Namespace, workload.Spec.GetLabels())
	}
	for _, workloads := range c.WorkloadGroups {
		add(workloads.Namespace, workloads.Spec.GetMetadata().GetLabels())
	}
	return found
}

// subsetKey is a subset of a host, by its full name.
type subsetKey struct{ host, subset string }

// subsetRoutes finds the first route to each subset that gets calls.
func (c *checker) subsetRoutes() map[subsetKey]*diag.Source {
	routes := map[subsetKey]*diag.Source{}
	for _, vs := range c.VirtualServices {
		for _, to := range destinations(vs.Spec) {
			if to.GetSubset() == "" || to.weight == 0 {
				continue
			}
			key := subsetKey{c.meant(to.GetHost(), vs.Namespace), to.GetSubset()}
			if routes[key] == nil {
				place := vs.At(to.field)
				routes[key] = &place
			}
		}
	}
	return routes
}
