package resolve

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// preset is a named block of settings.
type preset struct {
	block reflect.Value
	at    spec.Located // fields of the block in the profile, nil for a built-in preset
}

// presets holds the presets of each type of block, by name.
type presets map[reflect.Type]map[string]preset

// knownPresets are the built-in presets and those of the profile, which take the place of built-in ones of the same name.
func knownPresets(profile *spec.Document[v1alpha1.MeshProfile]) presets {
	known := builtInPresets()
	if profile == nil || profile.Value.Spec.Presets == nil {
		return known
	}
	all := reflect.ValueOf(*profile.Value.Spec.Presets)
	for i := range all.NumField() {
		name, _ := v1alpha1.FieldName(all.Type().Field(i))
		kind := all.Field(i).Type().Elem()
		if known[kind] == nil {
			known[kind] = map[string]preset{}
		}
		for _, key := range all.Field(i).MapKeys() {
			at := below(profile, diag.Join("spec.presets."+name, key.String()))
			known[kind][key.String()] = preset{block: all.Field(i).MapIndex(key), at: at}
		}
	}
	return known
}

// expand replaces a short form by the block it stands for, inside its own layer, so that a higher layer can still change
// single fields of it. Everything in it is where the short form stands.
func (m *merger) expand(src reflect.Value, written v1alpha1.Switch, path string, l layer) (reflect.Value, layer, bool) {
	name := written.Preset
	if written.On() {
		name = onMeans(src.Interface())
	}
	inner := layer{name: l.name, at: func(string) diag.Source { return l.at(path) }}
	empty := reflect.New(src.Type().Elem())
	switch {
	case name == "" && written.On():
		inner.note = "true"
		return onIs(src), inner, true
	case name == "":
		return src, l, false
	}
	found, ok := m.presets[src.Type()][name]
	if !ok {
		m.unknownPreset(name, slices.Collect(maps.Keys(m.presets[src.Type()])), path, l)
		inner.note = "unknown preset"
		return empty, inner, true
	}
	inner.note = "preset " + name
	if written.On() {
		inner.note = "true, which is preset " + name
	}
	if found.at != nil {
		inner.via = func(field string) diag.Source { return found.at(strings.TrimPrefix(field[len(path):], ".")) }
	}
	return found.block, inner, true
}

func (m *merger) unknownPreset(name string, known []string, path string, l layer) {
	finding := diag.Finding{
		Code: diag.UnknownPreset, Source: l.at(path),
		Message: fmt.Sprintf("%s: there is no preset %q; allowed: %s", path, name, diag.OneOf(known)),
	}
	if len(known) == 0 {
		finding.Message = fmt.Sprintf("%s: there is no preset %q, because the profile defines none; allowed: a mapping", path, name)
		kind := path[strings.LastIndexByte(path, '.')+1:]
		finding.Try = fmt.Sprintf("presets: {%s: {%s: …}} in the MeshProfile, or a mapping here", kind, name)
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
func onIs(block reflect.Value) reflect.Value {
	if _, ok := reflect.TypeAssert[*v1alpha1.AccessLog](block); ok {
		return reflect.ValueOf(&v1alpha1.AccessLog{OnlyErrors: new(bool)})
	}
	return reflect.New(block.Type().Elem())
}

func builtInPresets() presets {
	return presets{
		reflect.TypeFor[*v1alpha1.CircuitBreaker](): {
			"low":    connections(50),
			"medium": connections(200),
			"high":   connections(1000),
		},
		reflect.TypeFor[*v1alpha1.OutlierDetection](): {
			"low":    ejection(10, 30*time.Second, 15*time.Second),
			"medium": ejection(5, 10*time.Second, 30*time.Second),
			"high":   ejection(3, 5*time.Second, 60*time.Second),
		},
	}
}

// connections sizes a circuit breaker by its connections: as many requests may wait as there are connections, an HTTP/2
// connection carries four requests at a time, and a fifth of the connections may be busy with retries.
func connections(n int32) preset {
	requests, retries := 4*n, n/5
	return preset{block: reflect.ValueOf(&v1alpha1.CircuitBreaker{
		MaxConnections: &n, HTTP1MaxPendingRequests: &n, HTTP2MaxRequests: &requests, MaxRetries: &retries,
	})}
}

func ejection(errors int32, interval, out time.Duration) preset {
	every, away := v1alpha1.Duration(interval), v1alpha1.Duration(out)
	return preset{block: reflect.ValueOf(&v1alpha1.OutlierDetection{
		ConsecutiveGatewayErrors: &errors, Interval: &every, BaseEjectionTime: &away,
	})}
}
