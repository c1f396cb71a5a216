package istio

import (
	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/plan"
)

// retries are always present, because a route without them gets Istio's own, which may execute a call twice:
// https://github.com/istio/istio/issues/50506. With no attempts, any other field would be rejected.
func retries(r *plan.Retries) *networking.HTTPRetry {
	if r.Attempts.V == 0 {
		return &networking.HTTPRetry{}
	}
	return &networking.HTTPRetry{
		Attempts: r.Attempts.V, PerTryTimeout: duration(r.PerTryTimeout), RetryOn: r.On.V,
	}
}

func spellOutZeroAttempts(spec map[string]any) {
	routes, _ := spec["http"].([]any)
	for _, route := range routes {
		fields, _ := route.(map[string]any)
		if retries, ok := fields["retries"].(map[string]any); ok && len(retries) == 0 {
			retries["attempts"] = 0
		}
	}
}
