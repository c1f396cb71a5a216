package limits

import (
	security "istio.io/api/security/v1"
)

// callerReadings lists what a policy says about who may call. Its rules are in accounts and ports of the pods, so they are read
// as a whole: a patch of any of them changes the callers.
func (l *limiter) callerReadings(spec *security.AuthorizationPolicy) []reading {
	r := reading{path: "callers", field: "spec.rules", namespace: l.object.Resource.Namespace, extent: whole}
	for _, rule := range spec.Rules {
		r.values = append(r.values, textOf(rule.ProtoReflect()))
	}
	return []reading{r}
}
