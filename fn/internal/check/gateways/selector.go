package gateways

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

type gateway = cluster.Object[*networking.Gateway]

// place is what the build knows of the pods that a Gateway configures.
type place struct {
	pods       []*cluster.Pod
	namespaces []string // where they run; empty when neither the build nor the profile says so
}

// placeOf finds the pods of a Gateway. Istio looks for them in every namespace, unless PILOT_SCOPE_GATEWAY_TO_NAMESPACE is
// set. https://istio.io/latest/docs/reference/config/networking/gateway/#Gateway
func (c *checker) placeOf(g *gateway) place {
	if known, ok := c.places[g]; ok {
		return known
	}
	var out place
	seen := map[string]bool{}
	for _, pod := range c.Pods {
		if facts.Matches(g.Spec.Selector, pod.Labels) {
			out.pods = append(out.pods, pod)
			seen[pod.Namespace] = true
		}
	}
	for _, declared := range c.Declared {
		if facts.Matches(g.Spec.Selector, declared.Selector) {
			seen[declared.Namespace] = true
		}
	}
	if c.Egress != nil && facts.Matches(g.Spec.Selector, c.Egress.Selector) {
		seen[c.Egress.Namespace] = true
	}
	out.namespaces = slices.Sorted(maps.Keys(seen))
	c.places[g] = out
	return out
}

// selectors finds Gateways that no pod takes: they open nothing.
func (c *checker) selectors() {
	for _, g := range c.Gateways {
		if len(g.Spec.Selector) == 0 || len(c.placeOf(g).namespaces) > 0 {
			continue // Without a selector, every gateway takes it.
		}
		c.report(c.unselected(g))
	}
}

func (c *checker) unselected(g *gateway) diag.Finding {
	wanted := cluster.LabelText(g.Spec.Selector)
	finding := diag.Finding{
		Code: diag.GatewayUnselected, Severity: diag.Warning, Source: g.At("spec.selector"),
		Message: fmt.Sprintf("no workload of the build has the labels %s, so no proxy takes %s", wanted, g.Resource),
		Because: []string{"a Gateway configures the pods with all the labels of its selector, in any namespace"},
	}
	var others []diag.Source
	local := false
	for _, pod := range c.gatewayPods() {
		others = append(others, pod.Source(pod.MetadataField("labels")))
		local = local || pod.Namespace == g.Namespace
		for _, key := range slices.Sorted(maps.Keys(g.Spec.Selector)) {
			near := pod.Labels[key]
			if !diag.Slip(g.Spec.Selector[key], near) {
				continue
			}
			finding.Source, finding.Proposed = g.At(diag.Join("spec.selector", key)), near
			finding.Try = key + ": " + near
			finding.Related = []diag.Source{pod.Source(pod.MetadataField("labels"))}
			return finding
		}
	}
	if local {
		finding.Related = others
		finding.Try = "the labels that the gateway's pods have"
		return finding
	}
	finding.Severity, finding.Because = diag.Info, nil
	finding.Message = fmt.Sprintf("not checked: whether any pod has the labels %s that %s asks for; the build has no such workload, "+
		"and no gateway of the profile has them", wanted, g.Resource)
	finding.Try = "name the gateway under spec.gateways of the MeshProfile"
	return finding
}

// gatewayPods are the pods of the build that were made to be gateways: with Istio's template for gateways, with the image
// that injection fills in, or with the label that the pods of Istio's own charts have.
// https://istio.io/latest/docs/setup/additional-setup/gateway/#deploying-a-gateway
func (c *checker) gatewayPods() []*cluster.Pod {
	var pods []*cluster.Pod
	for _, pod := range c.Pods {
		_, labelled := pod.Labels["istio"]
		proxy := slices.ContainsFunc(pod.Containers, func(container facts.Container) bool { return container.Image == "auto" })
		if labelled || proxy || strings.Contains(pod.Annotations["inject.istio.io/templates"], "gateway") {
			pods = append(pods, pod)
		}
	}
	return pods
}
