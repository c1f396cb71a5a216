package resolve

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// expand replaces a short form by the block it stands for, inside its own layer, so that a higher layer can still change
// single fields of it.
func (m *merger) expand(block reflect.Value, written v1alpha1.Switch, path string, l layer) (reflect.Value, string) {
	name := written.Preset
	if written.On() {
		name = onMeans(block.Interface())
		if name == "" {
			return reflect.ValueOf(onIs(block.Interface())), "true"
		}
	}
	if name == "" {
		return block, ""
	}
	presets := presetsOf(block.Interface())
	expanded, ok := presets[name]
	if !ok {
		m.unknownPreset(written.Preset, slices.Collect(maps.Keys(presets)), path, l)
		return reflect.New(block.Type().Elem()), "unknown preset"
	}
	if written.On() {
		return reflect.ValueOf(expanded), "true, which is preset " + name
	}
	return reflect.ValueOf(expanded), "preset " + name
}

func (m *merger) unknownPreset(name string, known []string, path string, l layer) {
	finding := diag.Finding{
		Code: diag.UnknownPreset, Source: l.at(path),
		Message: fmt.Sprintf("%s: there is no preset %q; allowed: %s", path, name, diag.OneOf(known)),
	}
	if len(known) == 0 {
		finding.Message = fmt.Sprintf("%s: there is no preset %q, and none of another name; allowed: the settings themselves", path, name)
	}
	if nearest, ok := diag.Nearest(name, known); ok {
		finding.Try, finding.Proposed = path+": "+nearest, nearest
	}
	m.problem(finding)
}

// onMeans is the preset that `true` stands for; blocks without presets are simply turned on.
func onMeans(block any) string {
	if _, ok := block.(*v1alpha1.OutlierDetection); ok {
		return "medium"
	}
	return ""
}

// onIs is the block that `true` stands for where there is no preset for it: nothing more than that it is on. An access log
// is one of everything.
func onIs(block any) any {
	if _, ok := block.(*v1alpha1.AccessLog); ok {
		everything := false
		return &v1alpha1.AccessLog{OnlyErrors: &everything}
	}
	return reflect.New(reflect.TypeOf(block).Elem()).Interface()
}

// presetsOf returns the presets of a kind of block.
func presetsOf(block any) map[string]any {
	switch block.(type) {
	case *v1alpha1.CircuitBreaker:
		return map[string]any{
			"low":    connections(50),
			"medium": connections(200),
			"high":   connections(1000),
		}
	case *v1alpha1.OutlierDetection:
		return map[string]any{
			"low":    ejection(10, 30*time.Second, 15*time.Second),
			"medium": ejection(5, 10*time.Second, 30*time.Second),
			"high":   ejection(3, 5*time.Second, 60*time.Second),
		}
	}
	return nil
}

// connections sizes a circuit breaker by its connections: as many requests may wait as there are connections, an HTTP/2
// connection carries four requests at a time, and a fifth of the connections may be busy with retries.
func connections(n int32) *v1alpha1.CircuitBreaker {
	requests, retries := 4*n, n/5
	return &v1alpha1.CircuitBreaker{
		MaxConnections: &n, HTTP1MaxPendingRequests: &n, HTTP2MaxRequests: &requests, MaxRetries: &retries,
	}
}

func ejection(errors int32, interval, out time.Duration) *v1alpha1.OutlierDetection {
	every, away := v1alpha1.Duration(interval), v1alpha1.Duration(out)
	return &v1alpha1.OutlierDetection{ConsecutiveGatewayErrors: &errors, Interval: &every, BaseEjectionTime: &away}
}
