package resolve

import "github.com/meshfn/meshfn/fn/api/v1alpha1"

// defaultAttempts is Istio's own number of retries; only the conditions differ.
const defaultAttempts = 2

// becauseRetries is why retries are never left to Istio.
const becauseRetries = "said explicitly, because Istio's own retries may repeat a call that was executed"

// builtIn is the lowest layer. Retries are explicit because Istio adds its own to every route without them, and those
// repeat calls that the server may have executed: https://github.com/istio/istio/issues/50506. All else is off until
// somebody asks for it.
func builtIn() v1alpha1.TrafficSettings {
	attempts := int32(defaultAttempts)
	return v1alpha1.TrafficSettings{
		RetriesSetting: v1alpha1.RetriesSetting{Retries: &v1alpha1.Retries{Attempts: &attempts}},
	}
}
