package spec

import (
	"testing"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
)

// clearedWithout are the settings that can be cleared, and that have a bound all the same when they are.
func clearedWithout() map[string]string {
	const off = "nothing is done at all then"
	const builtIn = "a built-in value holds then, which is looked at on the output"
	return map[string]string{
		"proxy":             "what the installation says holds then, as where nobody says anything",
		"proxy.drain":       "what the installation says holds then, as where nobody says anything",
		"telemetry":         "what the mesh says holds then, as where nobody says anything",
		"telemetry.tracing": off,
		"telemetry.tracing.randomSamplingPercentage": off,
		"telemetry.accessLog":                        off,
		"telemetry.metrics":                          off,
		"retries":                                    off,
		"retries.attempts":                           off,
		"outlierDetection.interval":                  builtIn,
		"outlierDetection.baseEjectionTime":          builtIn,
		"outlierDetection.minHealthPercent":          "a percentage like any other",
		"loadBalancer":                               "what Istio does holds then, as where nobody says anything",
		"loadBalancer.consistentHash.httpCookie.ttl": "a cookie that ends with the session",
		"loadBalancer.locality":                      off,
		"loadBalancer.warmup.duration":               off,
		"loadBalancer.warmup.minimumPercent":         "a percentage like any other",
		"auth":                                       "it has no amount",
		"auth.jwt":                                   "it has no amount",
	}
}

// TestEverySettingThatCanBeClearedIsKnown expects a decision for each setting that can be written as none: whether that
// means that there is no limit at all, which a maximum of the platform excludes.
func TestEverySettingThatCanBeClearedIsKnown(t *testing.T) {
	reasons := clearedWithout()
	for _, s := range Settings() {
		forms, _, _ := v1alpha1.SwitchForms(s.Type)
		clears := s.Scale == Durations || s.Scale == Numbers && !s.List && (s.Rules.Min == nil || *s.Rules.Min <= 0)
		for _, form := range forms {
			clears = clears || form == "false"
		}
		_, excused := reasons[s.Path]
		delete(reasons, s.Path)
		if clears && !s.Unlimited && !excused {
			t.Errorf("%s can be cleared: it needs the tag unlimited, or a reason why that is no way around a maximum", s.Path)
		}
		if excused && (!clears || s.Unlimited) {
			t.Errorf("%s needs no excuse", s.Path)
		}
	}
	for path := range reasons {
		t.Errorf("%s is excused and no setting", path)
	}
}
