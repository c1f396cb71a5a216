package policies

import (
	"fmt"

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
		try := fmt.Sprintf("an AuthorizationPolicy with spec: {} in %s, which refuses what no other one allows", cluster.InNamespace(namespace))
		if !policy.ByHand() {
			try = "callers for them in the Mesh, which may be [] for nobody"
		}
		c.report(diag.Finding{
			Code: diag.WorkloadNotCovered, Severity: diag.Info, Source: policy.At("metadata.name"),
			Message: fmt.Sprintf("%s protects some workloads of %s, and no AuthorizationPolicy of the build covers %s: everybody may call them",
				policy.Resource, cluster.InNamespace(namespace), named(pods)),
			Related: placesOf(pods),
			Try:     try,
		})
	}
}

// protected lists the pods that some policy is for, and the first policy of each namespace that does something.
func (c *checker) protected() (covered map[*cluster.Pod]bool, first map[string]*authorizationPolicy) {
	covered, first = map[*cluster.Pod]bool{}, map[string]*authorizationPolicy{}
	for _, policy := range c.AuthorizationPolicies {
		for _, pod := range c.reach(policy.Meta).Pods {
			covered[pod] = true
			if asksOnly(policy) {
				continue
			}
			if first[pod.Namespace] == nil && c.DataplaneOf(pod) != cluster.NoDataplane {
				first[pod.Namespace] = policy
			}
		}
	}
	return covered, first
}

// asksOnly reports whether a policy was generated for pods whose calls have to bring something with them, which says nothing
// about who may call.
func asksOnly(policy *authorizationPolicy) bool {
	return !policy.ByHand() && policy.Spec.GetAction() != security.AuthorizationPolicy_ALLOW
}

// withoutProxy says which workloads mutual TLS leaves out where a namespace or the mesh requires it.
func (c *checker) withoutProxy() {
	inside, outside := map[*peerAuthentication]bool{}, map[*peerAuthentication][]*cluster.Pod{} // nil stands for the profile
	for _, pod := range c.Pods {
		accepted := c.mode(pod)
		if accepted.Mode != cluster.StrictMTLS {
			continue
		}
		switch dataplane := c.DataplaneOf(pod); {
		case dataplane == cluster.NoDataplane && !pod.Job():
			outside[accepted.By] = append(outside[accepted.By], pod)
		case dataplane == cluster.OwnProxy || dataplane == cluster.Ambient:
			inside[accepted.By] = true
		}
	}
	for _, object := range c.PeerAuthentications {
		wide := len(object.Spec.GetSelector().GetMatchLabels()) == 0
		if pods := outside[object]; wide && inside[object] && len(pods) > 0 {
			c.report(strictBeside(cluster.MTLS{By: object}, pods))
		}
	}
	if pods := outside[nil]; inside[nil] && len(pods) > 0 {
		c.report(strictBeside(c.MeshMTLS(), pods))
	}
}

func strictBeside(mode cluster.MTLS, outside []*cluster.Pod) diag.Finding {
	return diag.Finding{
		Code: diag.StrictWithoutProxy, Severity: diag.Info, Source: mode.At(),
		Message: fmt.Sprintf("mode STRICT of %s leaves out workloads without a sidecar: they cannot call the others, and nothing checks who calls them (%s)",
			mode.Who(), named(outside)),
		Related: placesOf(outside),
		Try:     "sidecar: true for them, or a PeerAuthentication with PERMISSIVE for what they call",
	}
}
