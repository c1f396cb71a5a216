package scope

import (
	"fmt"
	"maps"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// workload is anything that a selector can take: pods, or machines outside of Kubernetes.
type workload struct {
	name      string
	namespace string
	labels    map[string]string
	source    func() diag.Source
}

// workloads lists those of a namespace.
func (c *checker) workloads(namespace string) *facts.Labelled[*workload] {
	list, known := c.workloadsIn[namespace]
	if !known {
		list = facts.NewLabelled(c.listWorkloads(namespace), func(one *workload) map[string]string { return one.labels })
		c.workloadsIn[namespace] = list
	}
	return list
}

func (c *checker) listWorkloads(namespace string) []*workload {
	var list []*workload
	for _, pod := range c.Pods {
		if pod.Namespace == namespace {
			at := func() diag.Source { return pod.Source(pod.MetadataField("labels")) }
			list = append(list, &workload{pod.Kind + " " + pod.Name, namespace, pod.Labels, at})
		}
	}
	for _, entry := range c.WorkloadEntries {
		if entry.Namespace == namespace {
			labels := maps.Clone(entry.Labels)
			maps.Copy(labels, entry.Spec.Labels)
			list = append(list, &workload{entry.Kind + " " + entry.Name, namespace, labels, func() diag.Source { return entry.At("spec.labels") }})
		}
	}
	for _, group := range c.WorkloadGroups {
		if group.Namespace == namespace {
			labels := maps.Clone(group.Spec.GetMetadata().GetLabels())
			if labels == nil {
				labels = map[string]string{}
			}
			maps.Copy(labels, group.Spec.GetTemplate().GetLabels())
			list = append(list, &workload{group.Kind + " " + group.Name, namespace, labels, func() diag.Source { return group.At("spec") }})
		}
	}
	return list
}

// sidecars checks that each workload has at most one Sidecar, and each Sidecar a workload.
// https://istio.io/latest/docs/reference/config/networking/sidecar/#Sidecar
func (c *checker) sidecars() {
	whole := map[string]*sidecar{}
	taken := map[*workload]*sidecar{}
	said := map[[2]*sidecar]bool{}
	for _, s := range c.Sidecars {
		selector := s.Spec.GetWorkloadSelector().GetLabels()
		if len(selector) > 0 {
			if s.Namespace != c.Istio.RootNamespace {
				c.selected(s, selector, taken, said)
			}
			continue
		}
		if before := whole[s.Namespace]; before != nil {
			c.report(diag.Finding{
				Code: diag.SidecarsWithoutSelector, Source: s.At("metadata.name"),
				Message: fmt.Sprintf("%s is for the whole namespace, and so is this Sidecar: Istio uses one of them", before.Resource),
				Because: []string{"a namespace has at most one Sidecar without a workloadSelector"},
				Related: []diag.Source{before.At("metadata.name")},
				Try:     tryKeep(before, s, "put the hosts of both into one, or give one of them a workloadSelector"),
			})
			continue
		}
		whole[s.Namespace] = s
	}
	c.replaced(whole)
}

// selected checks the workloads of a Sidecar with a selector.
func (c *checker) selected(s *sidecar, selector map[string]string, taken map[*workload]*sidecar, said map[[2]*sidecar]bool) {
	list := c.workloads(s.Namespace)
	found := list.Selected(selector)
	for _, one := range found {
		before := taken[one]
		if before == nil {
			taken[one] = s
			continue
		}
		if pair := [2]*sidecar{before, s}; !said[pair] {
			said[pair] = true
			c.report(diag.Finding{
				Code: diag.SidecarsOverlap, Source: s.At("spec.workloadSelector"),
				Message: fmt.Sprintf("%s is for %s too: Istio uses one of the two", before.Resource, one.name),
				Because: []string{"the Sidecars of a namespace must not select the same workload"},
				Related: []diag.Source{before.At("spec.workloadSelector"), one.source()},
				Try:     tryKeep(before, s, "labels that only one of the two selects"),
			})
		}
	}
	if len(found) == 0 {
		c.report(unselected(s.Meta, "spec.workloadSelector.labels", selector, list.All, diag.SidecarUnselected))
	}
}

// unselected reports a selector that takes no workload of its namespace.
func unselected(object *cluster.Meta, field string, selector map[string]string, list []*workload, code diag.Code) diag.Finding {
	wanted := cluster.LabelText(selector)
	finding := diag.Finding{
		Code: code, Severity: diag.Warning, Source: object.At(field),
		Message: fmt.Sprintf("no workload in the namespace of %s has the labels %s, so it has no effect", object.Resource, wanted),
	}
	if len(list) == 0 {
		finding.Severity = diag.Info
		finding.Message = fmt.Sprintf("not checked: whether a workload has the labels %s that %s asks for; the build has none in its namespace",
			wanted, object.Resource)
		return finding
	}
	for _, key := range slices.Sorted(maps.Keys(selector)) {
		var values []string
		for _, one := range list {
			if value := one.labels[key]; value != "" {
				values = append(values, value)
			}
		}
		if slices.Contains(values, selector[key]) {
			continue
		}
		finding.Source = object.At(diag.Join(field, key))
		if near, ok := diag.Nearest(selector[key], values); ok {
			finding.Try, finding.Proposed = key+": "+near, near
		} else if len(values) > 0 {
			slices.Sort(values)
			finding.Try = key + ": " + diag.OneOf(slices.Compact(values))
		}
		break
	}
	return finding
}
