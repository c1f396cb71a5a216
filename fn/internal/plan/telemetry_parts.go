package plan

import (
	"reflect"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Tracing is which spans there are. Where it is off, nothing else is set.
type Tracing struct {
	On            Value[bool]                `json:"on,omitzero"`
	Provider      Value[string]              `json:"provider,omitzero"`
	Sampling      Value[v1alpha1.Percentage] `json:"sampling,omitzero"`
	Tags          Value[map[string]Tag]      `json:"tags,omitzero"`
	NoPropagation Value[bool]                `json:"noPropagation,omitzero"`
}

// Tag is where the value of a span's tag comes from: itself, a header, a variable, or a command of the access log.
type Tag struct {
	Source  TagSource `json:"source"`
	Value   string    `json:"value"`
	Default string    `json:"default,omitempty"`
}

// TagSource says what the value of a Tag is.
type TagSource string

// The sources, in the words of users.
const (
	TagLiteral     TagSource = "literal"
	TagHeader      TagSource = "header"
	TagEnvironment TagSource = "environment"
	TagFormatter   TagSource = "formatter"
)

// AccessLog is which calls leave a line, and where. Where it is off, it says so to a provider that every mesh has.
type AccessLog struct {
	On        Value[bool]     `json:"on,omitzero"`
	Providers Value[[]string] `json:"providers,omitzero"`
	Only      Value[string]   `json:"only,omitzero"` // what an expression is true for
}

// Metrics is which metrics there are. On is set where all of them are on, or off, and then nothing else is.
type Metrics struct {
	On        Value[bool]              `json:"on,omitzero"`
	Providers Value[[]string]          `json:"providers,omitzero"`
	Mode      Value[string]            `json:"mode,omitzero"`
	Off       Value[[]string]          `json:"off,omitzero"`
	Tags      Value[map[string]string] `json:"tags,omitzero"`
}

// RemoveTag stands for a tag that is taken away.
const RemoveTag = "REMOVE"

// IsZero reports whether nothing was asked for.
func (t Tracing) IsZero() bool { return reflect.ValueOf(t).IsZero() }

// IsZero reports whether nothing was asked for.
func (a AccessLog) IsZero() bool { return reflect.ValueOf(a).IsZero() }

// IsZero reports whether nothing was asked for.
func (m Metrics) IsZero() bool { return reflect.ValueOf(m).IsZero() }

// telemetryOf is what one Service or workload says of its telemetry.
func (p *planner) telemetryOf(asked *v1alpha1.Telemetry, origins spec.Origins) Telemetry {
	var out Telemetry
	if asked.Tracing != nil {
		out.Tracing = p.tracingOf(asked.Tracing, origins)
		out.Tracing.On = Value[bool]{!asked.Tracing.Off(), origins.Within("telemetry.tracing")}
	}
	if asked.AccessLog != nil {
		out.AccessLog = p.accessLogOf(asked.AccessLog, origins)
		out.AccessLog.On = Value[bool]{!asked.AccessLog.Off(), origins.Within("telemetry.accessLog")}
	}
	if asked.Metrics != nil {
		out.Metrics = p.metricsOf(asked.Metrics, origins)
		out.Metrics.On = Value[bool]{!asked.Metrics.Off(), origins.Within("telemetry.metrics")}
	}
	return out
}

// agreeOnTelemetry lays what one Service says over what others said.
func (p *planner) agreeOnTelemetry(workload *facts.Workload, a *Telemetry, b Telemetry) {
	refuse := p.disagreement(diag.TelemetryConflict, workload).below("telemetry")
	tags := func(field, _, _ string, from, other spec.Origin) {
		refuse(field, "other tags", "other ones", from, other)
	}
	a.Tracing = Tracing{
		On:            one("tracing", a.Tracing.On, b.Tracing.On, refuse),
		Provider:      one("tracing.provider", a.Tracing.Provider, b.Tracing.Provider, refuse),
		Sampling:      one("tracing.randomSamplingPercentage", a.Tracing.Sampling, b.Tracing.Sampling, refuse),
		Tags:          one("tracing.customTags", a.Tracing.Tags, b.Tracing.Tags, tags),
		NoPropagation: one("tracing.disableContextPropagation", a.Tracing.NoPropagation, b.Tracing.NoPropagation, refuse),
	}
	a.AccessLog = AccessLog{
		On:        one("accessLog", a.AccessLog.On, b.AccessLog.On, refuse),
		Providers: one("accessLog.providers", a.AccessLog.Providers, b.AccessLog.Providers, refuse),
		Only:      one("accessLog.filter", a.AccessLog.Only, b.AccessLog.Only, refuse),
	}
	a.Metrics = Metrics{
		On:        one("metrics", a.Metrics.On, b.Metrics.On, refuse),
		Providers: one("metrics.providers", a.Metrics.Providers, b.Metrics.Providers, refuse),
		Mode:      one("metrics.mode", a.Metrics.Mode, b.Metrics.Mode, refuse),
		Off:       one("metrics.disabled", a.Metrics.Off, b.Metrics.Off, refuse),
		Tags:      one("metrics.tagOverrides", a.Metrics.Tags, b.Metrics.Tags, tags),
	}
}

// settle decides what is left to decide once the Services agree. Nothing more is said of a part that is off, and of metrics
// that are told apart not that all of them are on: this would turn on again what a Telemetry above turns off.
func (t *Telemetry) settle() {
	if off(t.Tracing.On) {
		t.Tracing = Tracing{On: t.Tracing.On}
	}
	if off(t.AccessLog.On) {
		t.AccessLog = AccessLog{On: t.AccessLog.On}
	}
	if !t.AccessLog.On.IsZero() {
		t.AccessLog.Providers = t.AccessLog.Providers.or([]string{builtInLog}, spec.Filled("telemetry.accessLog.providers", "the provider that every mesh has", t.From))
	}
	switch apart := (Metrics{Providers: t.Metrics.Providers, Mode: t.Metrics.Mode, Off: t.Metrics.Off, Tags: t.Metrics.Tags}); {
	case off(t.Metrics.On):
		t.Metrics = Metrics{On: t.Metrics.On}
	case !apart.IsZero():
		t.Metrics = apart
	}
}

func off(on Value[bool]) bool { return !on.IsZero() && !on.V }

// builtInLog is the provider of access logs that Istio adds to every mesh. It is named even where there shall be no logs:
// an entry without a provider is about the one that the entry above it names, and Istio then still obeys the accessLogFile
// of the MeshConfig.
// https://github.com/istio/istio/blob/master/pilot/pkg/model/telemetry.go
const builtInLog = "envoy"
