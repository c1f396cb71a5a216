package scope

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// tryKeep says how to choose where one of two Sidecars for the same pods is generated.
func tryKeep(one, other *sidecar, otherwise string) string {
	if one.ByHand() == other.ByHand() {
		return otherwise
	}
	return "remove yours, or write manage: {Sidecar: false} for the Service whose pods it is for, to keep it"
}

// replaced finds Sidecars kept by hand for some pods of a namespace for which one is generated as a whole. Istio prefers
// them, and what the pods depend on would hold nowhere.
// https://istio.io/latest/docs/reference/config/networking/sidecar/#Sidecar
func (c *checker) replaced(whole map[string]*sidecar) {
	for _, s := range c.Sidecars {
		generated := whole[s.Namespace]
		if generated == nil || generated.ByHand() || !s.ByHand() {
			continue
		}
		found := c.workloads(s.Namespace).Selected(s.Spec.GetWorkloadSelector().GetLabels())
		if len(found) == 0 {
			continue
		}
		c.report(diag.Finding{
			Code: diag.ScopeByHand, Source: s.At("spec.workloadSelector"),
			Message: fmt.Sprintf("%s is for %s, and Istio prefers it to the Sidecar that dependsOn generates for the namespace", s.Resource, found[0].name),
			Related: []diag.Source{generated.At("metadata.name"), found[0].source()},
			Try:     tryKeep(s, generated, ""),
		})
	}
}
