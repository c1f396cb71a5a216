package resolve

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// at places every field of a layer at itself, below the name of the layer.
func at(layer string) spec.Located {
	return func(field string) diag.Source { return diag.Source{Field: layer + "." + field} }
}

func defaultsOf(settings v1alpha1.TrafficSettings) trafficLayer {
	return trafficLayer{layer{name: spec.MeshDefaults, at: at("defaults")}, settings}
}

func entryOf(settings v1alpha1.TrafficSettings) trafficLayer {
	return trafficLayer{layer{name: spec.OwnEntry, at: at("web")}, settings}
}

func portOf(settings v1alpha1.TrafficSettings) trafficLayer {
	return trafficLayer{layer{name: spec.PortEntry, at: at("web.http")}, settings}
}

func breaker(block v1alpha1.CircuitBreaker) v1alpha1.TrafficSettings {
	return v1alpha1.TrafficSettings{CircuitBreakerSetting: v1alpha1.CircuitBreakerSetting{CircuitBreaker: &block}}
}

func outlier(block v1alpha1.OutlierDetection) v1alpha1.TrafficSettings {
	return v1alpha1.TrafficSettings{OutlierDetectionSetting: v1alpha1.OutlierDetectionSetting{OutlierDetection: &block}}
}

func timeoutOf(d time.Duration) v1alpha1.TrafficSettings {
	return v1alpha1.TrafficSettings{TimeoutSetting: v1alpha1.TimeoutSetting{Timeout: new(v1alpha1.Duration(d))}}
}

func switched(on bool) v1alpha1.Switch { return v1alpha1.Switch{Enabled: &on} }

// origin is the origin of a field of a layer.
func origin(layer spec.Layer, field, note string) spec.Origin {
	return spec.Origin{Layer: layer, At: diag.Source{Field: field}, Note: note}
}

func TestMerge(t *testing.T) {
	tests := []struct {
		name    string
		layers  []trafficLayer
		want    v1alpha1.TrafficSettings
		origins spec.Origins
	}{
		{name: "nothing", origins: spec.Origins{}},
		{
			name:    "a single value is replaced",
			layers:  []trafficLayer{defaultsOf(timeoutOf(time.Second)), entryOf(timeoutOf(2 * time.Second)), portOf(timeoutOf(0))},
			want:    timeoutOf(0),
			origins: spec.Origins{"timeout": origin(spec.PortEntry, "web.http.timeout", "")},
		},
		{
			name: "a mapping merges field by field",
			layers: []trafficLayer{
				defaultsOf(breaker(v1alpha1.CircuitBreaker{MaxConnections: new(int32(1)), MaxRetries: new(int32(1))})),
				entryOf(breaker(v1alpha1.CircuitBreaker{MaxConnections: new(int32(2))})),
			},
			want: breaker(v1alpha1.CircuitBreaker{MaxConnections: new(int32(2)), MaxRetries: new(int32(1))}),
			origins: spec.Origins{
				"circuitBreaker":                origin(spec.MeshDefaults, "defaults.circuitBreaker", ""),
				"circuitBreaker.maxConnections": origin(spec.OwnEntry, "web.circuitBreaker.maxConnections", ""),
				"circuitBreaker.maxRetries":     origin(spec.MeshDefaults, "defaults.circuitBreaker.maxRetries", ""),
			},
		},
		{
			name: "false clears",
			layers: []trafficLayer{
				defaultsOf(breaker(v1alpha1.CircuitBreaker{MaxConnections: new(int32(1))})),
				entryOf(breaker(v1alpha1.CircuitBreaker{Switch: switched(false)})),
			},
			want:    breaker(v1alpha1.CircuitBreaker{Switch: switched(false)}),
			origins: spec.Origins{"circuitBreaker": origin(spec.OwnEntry, "web.circuitBreaker", "false")},
		},
		{
			name: "a mapping above false starts from nothing",
			layers: []trafficLayer{
				defaultsOf(breaker(v1alpha1.CircuitBreaker{MaxConnections: new(int32(1))})),
				entryOf(breaker(v1alpha1.CircuitBreaker{Switch: switched(false)})),
				portOf(breaker(v1alpha1.CircuitBreaker{MaxRetries: new(int32(3))})),
			},
			want: breaker(v1alpha1.CircuitBreaker{MaxRetries: new(int32(3))}),
			origins: spec.Origins{
				"circuitBreaker":            origin(spec.PortEntry, "web.http.circuitBreaker", ""),
				"circuitBreaker.maxRetries": origin(spec.PortEntry, "web.http.circuitBreaker.maxRetries", ""),
			},
		},
		{
			name: "a preset expands in its layer, and stands where the word stands",
			layers: []trafficLayer{
				defaultsOf(outlier(v1alpha1.OutlierDetection{Switch: v1alpha1.Switch{Preset: "high"}})),
				entryOf(outlier(v1alpha1.OutlierDetection{ConsecutiveGatewayErrors: new(int32(9))})),
			},
			want: outlier(v1alpha1.OutlierDetection{
				ConsecutiveGatewayErrors: new(int32(9)),
				Interval:                 new(v1alpha1.Duration(5 * time.Second)),
				BaseEjectionTime:         new(v1alpha1.Duration(time.Minute)),
			}),
			origins: spec.Origins{
				"outlierDetection":                          origin(spec.MeshDefaults, "defaults.outlierDetection", "preset high"),
				"outlierDetection.consecutiveGatewayErrors": origin(spec.OwnEntry, "web.outlierDetection.consecutiveGatewayErrors", ""),
				"outlierDetection.interval":                 origin(spec.MeshDefaults, "defaults.outlierDetection", "preset high"),
				"outlierDetection.baseEjectionTime":         origin(spec.MeshDefaults, "defaults.outlierDetection", "preset high"),
			},
		},
		{
			name: "true replaces what its preset has and leaves the rest",
			layers: []trafficLayer{
				defaultsOf(outlier(v1alpha1.OutlierDetection{Interval: new(v1alpha1.Duration(time.Hour)), MaxEjectionPercent: new(int32(50))})),
				entryOf(outlier(v1alpha1.OutlierDetection{Switch: switched(true)})),
			},
			want: outlier(v1alpha1.OutlierDetection{
				ConsecutiveGatewayErrors: new(int32(5)),
				Interval:                 new(v1alpha1.Duration(10 * time.Second)),
				BaseEjectionTime:         new(v1alpha1.Duration(30 * time.Second)),
				MaxEjectionPercent:       new(int32(50)),
			}),
			origins: spec.Origins{
				"outlierDetection":                          origin(spec.OwnEntry, "web.outlierDetection", "true, which is preset medium"),
				"outlierDetection.consecutiveGatewayErrors": origin(spec.OwnEntry, "web.outlierDetection", "true, which is preset medium"),
				"outlierDetection.interval":                 origin(spec.OwnEntry, "web.outlierDetection", "true, which is preset medium"),
				"outlierDetection.baseEjectionTime":         origin(spec.OwnEntry, "web.outlierDetection", "true, which is preset medium"),
				"outlierDetection.maxEjectionPercent":       origin(spec.MeshDefaults, "defaults.outlierDetection.maxEjectionPercent", ""),
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := &resolver{presets: builtInPresets()}
			got, origins := mergeLayers(r, test.layers)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("settings (- want, + got):\n%s", diff)
			}
			if diff := cmp.Diff(test.origins, origins, cmpopts.IgnoreFields(spec.Origin{}, "Overrode", "Setting")); diff != "" {
				t.Errorf("origins (- want, + got):\n%s", diff)
			}
			for field, origin := range origins {
				if origin.Setting != field {
					t.Errorf("the origin of %s says that it is of %q", field, origin.Setting)
				}
			}
			if len(r.findings) > 0 {
				t.Errorf("findings: %v", r.findings)
			}
		})
	}
}

// TestMergeLeavesLayersAlone holds that a layer shared by several Services does not carry over what one of them adds.
func TestMergeLeavesLayersAlone(t *testing.T) {
	shared := defaultsOf(breaker(v1alpha1.CircuitBreaker{MaxConnections: new(int32(1))}))
	mergeLayers(&resolver{presets: builtInPresets()}, []trafficLayer{shared, entryOf(breaker(v1alpha1.CircuitBreaker{MaxConnections: new(int32(2))}))})
	if got := *shared.settings.CircuitBreaker.MaxConnections; got != 1 {
		t.Errorf("the defaults have %d connections after a merge", got)
	}
}

func TestMergeUnknownPreset(t *testing.T) {
	r := &resolver{presets: builtInPresets()}
	mergeLayers(r, []trafficLayer{entryOf(breaker(v1alpha1.CircuitBreaker{Switch: v1alpha1.Switch{Preset: "mediun"}}))})
	want := diag.List{{
		Code: diag.UnknownPreset, Source: diag.Source{Field: "web.circuitBreaker"},
		Message: `circuitBreaker: there is no preset "mediun"; allowed: high, low, medium`,
		Try:     "circuitBreaker: medium", Proposed: "medium",
	}}
	if diff := cmp.Diff(want, r.findings); diff != "" {
		t.Errorf("(- want, + got):\n%s", diff)
	}
}

// TestMergeHistory holds that what lower layers said is still known after a higher one replaced or cleared it.
func TestMergeHistory(t *testing.T) {
	r := &resolver{presets: builtInPresets()}
	_, origins := mergeLayers(r, []trafficLayer{
		defaultsOf(breaker(v1alpha1.CircuitBreaker{Switch: v1alpha1.Switch{Preset: "low"}})),
		entryOf(breaker(v1alpha1.CircuitBreaker{MaxConnections: new(int32(7))})),
		portOf(breaker(v1alpha1.CircuitBreaker{Switch: switched(false)})),
	})
	preset := func(field, value string) spec.Overridden {
		return spec.Overridden{
			Field: field, Value: value, Layer: spec.MeshDefaults, At: diag.Source{Field: "defaults.circuitBreaker"}, Note: "preset low",
		}
	}
	want := spec.History{
		preset("circuitBreaker.http1MaxPendingRequests", "50"),
		preset("circuitBreaker.http2MaxRequests", "200"),
		preset("circuitBreaker.maxConnections", "50"),
		{
			Field: "circuitBreaker.maxConnections", Value: "7", Layer: spec.OwnEntry,
			At: diag.Source{Field: "web.circuitBreaker.maxConnections"},
		},
		preset("circuitBreaker.maxRetries", "10"),
	}
	if diff := cmp.Diff(want, origins["circuitBreaker"].Before()); diff != "" {
		t.Errorf("(- want, + got):\n%s", diff)
	}
}
