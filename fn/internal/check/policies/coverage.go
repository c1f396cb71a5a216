package policies

import (
	"fmt"
	"slices"

	security "istio.io/api/security/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// coverage says which workloads anybody may call, in namespaces where others are protected. Where no workload is, somebody
// has not begun or does not want to.
func (c *checker) coverage() {
	covered, first := c.protected()
	open := map[string][]*cluster.Pod{}
	for _, pod := range c.Pods {
		if first[pod.Namespace] != nil && !covered[pod] && len(pod.Services) > 0 && c.DataplaneOf(pod) != cluster.NoDataplane {
			open[pod.Namespace] = append(open[pod.Namespace], pod)
		}
	}
	for _, namespace := range c.namespaces {
		pods := open[namespace]
		if len(pods) == 0 {
			continue
		}
		policy := first[namespace]
		c.report(diag.Finding{
			Code: diag.WorkloadNotCovered, Severity: diag.Info, Source: policy.At("metadata.name"),
			Message: fmt.Sprintf("%s protects some workloads of namespace %q, and no AuthorizationPolicy of the build covers %s: everybody may call them",
				policy.Resource, namespace, named(pods)),
			Related: placesOf(pods),
			Try:     fmt.Sprintf("an AuthorizationPolicy with spec: {} in namespace %q, which refuses what no other one allows", namespace),
		})
	}
}

// protected lists the pods that some policy is for, and the first policy of each namespace that does something.
func (c *checker) protected() (covered map[*cluster.Pod]bool, first map[string]*authorizationPolicy) {
	covered, first = map[*cluster.Pod]bool{}, map[string]*authorizationPolicy{}
	for _, policy := range c.AuthorizationPolicies {
		for _, pod := range c.Reach(cluster.AttachmentOf(policy.Meta)).Pods {
			covered[pod] = true
			if first[pod.Namespace] == nil && c.DataplaneOf(pod) != cluster.NoDataplane {
				first[pod.Namespace] = policy
			}
		}
	}
	return covered, first
}

// withoutProxy says which workloads mutual TLS leaves out where it is required.
func (c *checker) withoutProxy() {
	for _, object := range c.PeerAuthentications {
		wide := len(object.Spec.GetSelector().GetMatchLabels()) == 0
		if object.Spec.GetMtls().GetMode() != cluster.StrictMTLS || !wide {
			continue
		}
		var inside, outside []*cluster.Pod
		for _, pod := range c.Selected(object.Namespace, nil) {
			switch {
			case c.MTLSOf(pod).By != object:
			case c.DataplaneOf(pod) == cluster.NoDataplane && !slices.Contains([]string{"Job", "CronJob"}, pod.Kind):
				outside = append(outside, pod)
			case c.DataplaneOf(pod) != cluster.UnknownDataplane:
				inside = append(inside, pod)
			}
		}
		if len(inside) == 0 || len(outside) == 0 {
			continue
		}
		c.report(strictBeside(object, outside))
	}
}

func strictBeside(object *cluster.Object[*security.PeerAuthentication], outside []*cluster.Pod) diag.Finding {
	return diag.Finding{
		Code: diag.StrictWithoutProxy, Severity: diag.Info, Source: object.At("spec.mtls.mode"),
		Message: fmt.Sprintf("mode STRICT of %s leaves out workloads without a sidecar: they cannot call the others, and nothing checks who calls them (%s)",
			object.Resource, named(outside)),
		Related: placesOf(outside),
		Try:     "sidecar: true for them, or a PeerAuthentication with PERMISSIVE for what they call",
	}
}
