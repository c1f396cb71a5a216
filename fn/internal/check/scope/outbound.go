package scope

import (
	"fmt"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// registryOnly is the mode in which proxies call only hosts that they know.
const registryOnly = "REGISTRY_ONLY"

// outbound checks what a Sidecar says beside its hosts.
func (c *checker) outbound() {
	for _, s := range c.Sidecars {
		if s.ByHand() && s.Namespace == c.Istio.RootNamespace && len(s.Spec.GetWorkloadSelector().GetLabels()) > 0 {
			c.report(diag.Finding{
				Code: diag.SidecarRootSelector, Severity: diag.Warning, Source: s.At("spec.workloadSelector"),
				Message: fmt.Sprintf("%s is in the root namespace and selects workloads, so it is not the default of the other namespaces", s.Resource),
				Because: []string{"the Sidecar of the root namespace that has no workloadSelector is for every namespace without one of its own"},
				Try:     "remove workloadSelector, or move the Sidecar to the namespace of the workloads",
			})
		}
		c.opened(s)
		// A mode that is written reads like one that is not, because REGISTRY_ONLY is the zero of its type.
		if c.Istio.OutboundPolicy != registryOnly && s.Spec.GetOutboundTrafficPolicy() != nil && s.ByHand() && s.Item.Field("spec.outboundTrafficPolicy.mode") == nil {
			c.report(diag.Finding{
				Code: diag.OutboundModeUnset, Severity: diag.Warning, Source: s.At("spec.outboundTrafficPolicy"),
				Message: "outboundTrafficPolicy without a mode means REGISTRY_ONLY: calls to hosts that the Sidecar does not import fail",
				Because: []string{"it does not mean what the mesh has as its default; that is so only where outboundTrafficPolicy is absent"},
				Try:     "mode: REGISTRY_ONLY or mode: ALLOW_ANY, or leave outboundTrafficPolicy out",
			})
		}
	}
}

// opened finds a Sidecar that lets its workloads call anything in a mesh that does not.
func (c *checker) opened(s *sidecar) {
	policy := s.Spec.GetOutboundTrafficPolicy()
	if c.Istio.OutboundPolicy != registryOnly || policy == nil || policy.GetMode() != networking.OutboundTrafficPolicy_ALLOW_ANY {
		return
	}
	c.report(diag.Finding{
		Code: diag.OutboundOpened, Severity: diag.Info, Source: s.At("spec.outboundTrafficPolicy.mode"),
		Message: fmt.Sprintf("%s lets its workloads call every host, and the mesh lets them call only hosts that it knows", s.Resource),
		Related: []diag.Source{c.Istio.At("outboundTrafficPolicy")},
		Try:     "a ServiceEntry for each host that they call, and no outboundTrafficPolicy",
	})
}
