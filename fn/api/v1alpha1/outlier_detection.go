package v1alpha1

// OutlierDetectionSetting takes failing pods out of load balancing.
type OutlierDetectionSetting struct {
	// OutlierDetection takes a pod that keeps failing out of a caller's load balancing for a while. Write `true`, a
	// preset (`low`, `medium`, `high`: how soon it acts, or one of the profile), a mapping, or `false`. A Service with one replica gets none,
	// because nothing would be left. Istio then also prefers pods of the caller's zone and region; with
	// `loadBalancer: {locality: false}` it does not.
	//
	// Default: off. `true` is `medium`: 5 gateway errors in a row, looked at every 10s, out for 30s.
	// Becomes: `trafficPolicy.outlierDetection` of the DestinationRule.
	// Example: true
	// Error: written for a headless Service, whose callers choose the pod themselves.
	//
	// Source: https://istio.io/latest/docs/reference/config/networking/destination-rule/#OutlierDetection
	OutlierDetection *OutlierDetection `json:"outlierDetection,omitempty"`
}

// OutlierDetection uses Istio's own words.
//
// Preset low: {consecutiveGatewayErrors: 10, interval: 30s, baseEjectionTime: 15s}
// Preset medium: {consecutiveGatewayErrors: 5, interval: 10s, baseEjectionTime: 30s}
// Preset high: {consecutiveGatewayErrors: 3, interval: 5s, baseEjectionTime: 60s}
type OutlierDetection struct {
	Switch `json:"-" meshfn:"true,false,preset"`
	// ConsecutiveGatewayErrors ejects a pod after so many answers 502, 503 or 504 in a row, failed connections included
	// unless they are counted apart; 0 turns that off.
	//
	// Default: 5.
	// Error: 0 where nothing else is counted.
	ConsecutiveGatewayErrors *int32 `json:"consecutiveGatewayErrors,omitempty" meshfn:"min=0,max=10000,example=5"`
	// Consecutive5xxErrors ejects a pod after so many answers 500 to 599 in a row; 0 turns that off. One bad request that
	// always ends in a 500 can eject every pod this way, which is why it is off unless asked for.
	//
	// Default: 0.
	Consecutive5xxErrors *int32 `json:"consecutive5xxErrors,omitempty" meshfn:"min=0,max=10000,example=7"`
	// SplitExternalLocalOriginErrors counts failures to connect apart from answers of the pod.
	//
	// Default: false.
	SplitExternalLocalOriginErrors *bool `json:"splitExternalLocalOriginErrors,omitempty"`
	// ConsecutiveLocalOriginFailures ejects a pod after so many failures to connect in a row.
	//
	// Default: 5, Envoy's own, where they are counted apart.
	// Error: without `splitExternalLocalOriginErrors: true`.
	ConsecutiveLocalOriginFailures *int32 `json:"consecutiveLocalOriginFailures,omitempty" meshfn:"min=1,max=10000,example=5"`
	// Interval is how often pods are looked at.
	//
	// Default: 10s.
	Interval *Duration `json:"interval,omitempty" meshfn:"example=10s"`
	// BaseEjectionTime is how long the first ejection lasts; each further one lasts longer.
	//
	// Default: 30s.
	BaseEjectionTime *Duration `json:"baseEjectionTime,omitempty" meshfn:"example=30s"`
	// MaxEjectionPercent is how many of the pods may be out at a time. Envoy ejects a pod only while the share of pods
	// that are out, this one included, stays within it, so a value below 100 / replicas never ejects anything.
	//
	// Default: computed from the least number of replicas, so that one pod can be ejected and one always stays: 50 for 2
	// replicas, 34 for 3, and 30 from 4 on. Where the number is unknown, 10, Istio's own.
	// Error: 100, which lets one caller lose every pod; a value that never ejects one, unless it is a default.
	MaxEjectionPercent *int32 `json:"maxEjectionPercent,omitempty" meshfn:"min=1,max=99,example=50"`
	// MinHealthPercent turns ejection off while fewer pods than this are healthy. Above 0 it also lets Istio send traffic
	// to pods that are not ready.
	//
	// Default: 0, Istio's own.
	MinHealthPercent *int32 `json:"minHealthPercent,omitempty" meshfn:"min=0,max=100,example=0"`
}
