package scope

import (
	"fmt"
	"maps"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// nameLabel is on every Namespace, whether it is written or not.
const nameLabel = "kubernetes.io/metadata.name"

// discovery finds namespaces that Istio does not see, and in which it should: what is there has no effect.
// https://istio.io/latest/docs/ops/configuration/mesh/configuration-scoping/#discoveryselectors
func (c *checker) discovery() {
	if len(c.Istio.Mesh.DiscoverySelectors) == 0 {
		return
	}
	first := map[string]*cluster.Any{} // by namespace, what is generated before what is kept by hand
	for _, object := range c.Objects() {
		if known := first[object.Namespace]; known == nil || known.ByHand() && !object.ByHand() {
			first[object.Namespace] = object
		}
	}
	for _, name := range slices.Sorted(maps.Keys(first)) {
		if name != "" {
			c.discovered(name, first[name])
		}
	}
}

func (c *checker) discovered(name string, object *cluster.Any) {
	finding := diag.Finding{
		Code: diag.Undiscovered, Source: object.At("metadata.name"),
		Related: []diag.Source{c.Istio.At("meshConfig.discoverySelectors")},
	}
	namespace := c.namespace(name)
	switch {
	case namespace == nil:
		finding.Severity = diag.Info
		finding.Message = fmt.Sprintf("not checked: whether Istio sees namespace %q; the build has no Namespace of that name, whose labels the discoverySelectors of the mesh need", name)
	case c.discoverable(namespace.Labels, name):
		return
	default:
		finding.Message = fmt.Sprintf("Istio does not see namespace %q, so nothing in it takes effect, %s included", name, object.Resource)
		finding.Because = []string{"no discoverySelector of the mesh selects the labels of the Namespace"}
		finding.Related = append(finding.Related, namespace.Source("metadata.labels"))
		finding.Try = "the labels that one of the selectors asks for, on the Namespace"
		if object.ByHand() {
			finding.Severity = diag.Warning
		}
	}
	c.report(finding)
}

func (c *checker) namespace(name string) *facts.Namespace {
	for _, namespace := range c.Facts.Namespaces {
		if namespace.Name == name {
			return namespace
		}
	}
	return nil
}

// discoverable reports whether one of the mesh's selectors takes labels.
func (c *checker) discoverable(written map[string]string, name string) bool {
	labels := maps.Clone(written)
	if labels == nil {
		labels = map[string]string{}
	}
	labels[nameLabel] = name
	for i := range c.Istio.Mesh.DiscoverySelectors {
		selector := &c.Istio.Mesh.DiscoverySelectors[i]
		fits := true
		for key, value := range selector.MatchLabels {
			fits = fits && labels[key] == value
		}
		for _, rule := range selector.MatchExpressions {
			fits = fits && holds(rule.Operator, rule.Values, labels, rule.Key)
		}
		if fits {
			return true
		}
	}
	return false
}

// holds reports whether a rule about one label holds, as Kubernetes has it: a label that is absent is not in a list.
func holds(operator string, values []string, labels map[string]string, key string) bool {
	value, present := labels[key]
	switch operator {
	case "In":
		return present && slices.Contains(values, value)
	case "NotIn":
		return !present || !slices.Contains(values, value)
	case "Exists":
		return present
	}
	return !present
}
