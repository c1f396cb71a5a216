package gateways

import (
	"fmt"

	apitype "istio.io/api/type/v1beta1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// attachable is a policy that takes workloads by labels, or a Gateway by its name.
type attachable interface {
	GetSelector() *apitype.WorkloadSelector
	GetTargetRef() *apitype.PolicyTargetReference
	GetTargetRefs() []*apitype.PolicyTargetReference
}

// policySelectors finds policies that mean the pods of a Kubernetes Gateway and name them by their labels. A waypoint never
// looks at selectors, and another gateway only as long as a feature flag of the control plane lets it.
// https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/
func (c *checker) policySelectors() {
	for _, object := range c.Objects() {
		policy, ok := object.Message().(attachable)
		if !ok || policy.GetTargetRef() != nil || len(policy.GetTargetRefs()) > 0 {
			continue
		}
		labels := policy.GetSelector().GetMatchLabels()
		name, field := c.gatewayMeant(labels, object.Namespace), "spec.selector.matchLabels"
		if name == "" {
			continue
		}
		if _, direct := labels[cluster.GatewayNameLabel]; direct {
			field = diag.Join(field, cluster.GatewayNameLabel)
		}
		c.report(diag.Finding{
			Code: diag.SelectorOnKubernetesGateway, Severity: diag.Warning, Source: object.At(field),
			Message: fmt.Sprintf("the selector means the pods of the Kubernetes Gateway %q, which policies take hold of by name", name),
			Try:     fmt.Sprintf("targetRefs:\n- group: gateway.networking.k8s.io\n  kind: Gateway\n  name: %s", name),
		})
	}
}

// gatewayMeant is the Kubernetes Gateway whose pods a selector takes.
func (c *checker) gatewayMeant(labels map[string]string, namespace string) string {
	if name := labels[cluster.GatewayNameLabel]; name != "" {
		return name
	}
	for _, pod := range c.SelectedIn(namespace, labels) {
		if name := pod.Labels[cluster.GatewayNameLabel]; name != "" {
			return name
		}
	}
	return ""
}
