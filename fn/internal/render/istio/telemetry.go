package istio

import (
	"google.golang.org/protobuf/types/known/wrapperspb"
	telemetry "istio.io/api/telemetry/v1"
	numbers "istio.io/api/telemetry/v1alpha1"
	types "istio.io/api/type/v1beta1"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/plan"
)

// telemetryVersion has been served since Istio 1.22.
const telemetryVersion = "telemetry.istio.io/v1"

// telemetry is the only one with a selector for these pods: Istio promises nothing for two.
// https://istio.io/latest/docs/reference/config/analysis/ist0159/
func (r *renderer) telemetry(pod *plan.Pod) {
	t := pod.Telemetry
	if t == nil {
		return
	}
	r.add(header{
		apiVersion: telemetryVersion, kind: "Telemetry", name: t.Name, namespace: pod.Namespace, owner: t.Owner, from: t.From.At,
	}, &telemetry.Telemetry{
		Selector:      &types.WorkloadSelector{MatchLabels: t.Selector},
		Tracing:       tracing(&t.Tracing),
		AccessLogging: accessLogging(&t.AccessLog),
		Metrics:       metrics(&t.Metrics),
	})
}

// tracing says whether spans are reported even where that is the default, because a Telemetry above may say the opposite.
func tracing(t *plan.Tracing) []*telemetry.Tracing {
	if t.IsZero() {
		return nil
	}
	return []*telemetry.Tracing{{
		Providers:                 provider(t.Provider),
		DisableSpanReporting:      wrapperspb.Bool(!t.On.V),
		RandomSamplingPercentage:  percentage(t.Sampling),
		CustomTags:                customTags(t.Tags.V),
		DisableContextPropagation: boolean(t.NoPropagation),
	}}
}

func customTags(tags map[string]plan.Tag) map[string]*telemetry.Tracing_CustomTag {
	out := make(map[string]*telemetry.Tracing_CustomTag, len(tags))
	for name, tag := range tags {
		out[name] = customTag(tag)
	}
	return out
}

func customTag(tag plan.Tag) *telemetry.Tracing_CustomTag {
	switch tag.Source {
	case plan.TagHeader:
		header := &telemetry.Tracing_RequestHeader{Name: tag.Value, DefaultValue: tag.Default}
		return &telemetry.Tracing_CustomTag{Type: &telemetry.Tracing_CustomTag_Header{Header: header}}
	case plan.TagEnvironment:
		environment := &telemetry.Tracing_Environment{Name: tag.Value, DefaultValue: tag.Default}
		return &telemetry.Tracing_CustomTag{Type: &telemetry.Tracing_CustomTag_Environment{Environment: environment}}
	case plan.TagFormatter:
		return &telemetry.Tracing_CustomTag{Type: &telemetry.Tracing_CustomTag_Formatter{Formatter: &telemetry.Tracing_Formatter{Value: tag.Value}}}
	case plan.TagLiteral:
	}
	return &telemetry.Tracing_CustomTag{Type: &telemetry.Tracing_CustomTag_Literal{Literal: &telemetry.Tracing_Literal{Value: tag.Value}}}
}

func accessLogging(a *plan.AccessLog) []*telemetry.AccessLogging {
	if a.IsZero() {
		return nil
	}
	entry := &telemetry.AccessLogging{Providers: providers(a.Providers.V), Disabled: wrapperspb.Bool(!a.On.V)}
	if !a.Only.IsZero() {
		entry.Filter = &telemetry.AccessLogging_Filter{Expression: a.Only.V}
	}
	return []*telemetry.AccessLogging{entry}
}

// metrics writes the overrides in an order that matters: one that turns off everything on a side is undone by any that
// comes after it.
// https://github.com/istio/istio/blob/master/pilot/pkg/model/telemetry.go
func metrics(m *plan.Metrics) []*telemetry.Metrics {
	if m.IsZero() {
		return nil
	}
	out := &telemetry.Metrics{Providers: providers(m.Providers.V)}
	if !m.Tags.IsZero() {
		out.Overrides = append(out.Overrides, &telemetry.MetricsOverrides{
			Match: metric(telemetry.MetricSelector_ALL_METRICS), TagOverrides: tagOverrides(m.Tags.V),
		})
	}
	for _, name := range m.Off.V {
		out.Overrides = append(out.Overrides, &telemetry.MetricsOverrides{
			Match:    metric(telemetry.MetricSelector_IstioMetric(numbers.MetricSelector_IstioMetric_value[name])),
			Disabled: wrapperspb.Bool(true),
		})
	}
	if !m.Mode.IsZero() {
		other := metric(telemetry.MetricSelector_ALL_METRICS)
		other.Mode = telemetry.WorkloadMode_CLIENT
		if m.Mode.V == telemetry.WorkloadMode_CLIENT.String() {
			other.Mode = telemetry.WorkloadMode_SERVER
		}
		out.Overrides = append(out.Overrides, &telemetry.MetricsOverrides{Match: other, Disabled: wrapperspb.Bool(true)})
	}
	if !m.On.IsZero() {
		out.Overrides = append(out.Overrides, &telemetry.MetricsOverrides{
			Match: metric(telemetry.MetricSelector_ALL_METRICS), Disabled: wrapperspb.Bool(!m.On.V),
		})
	}
	return []*telemetry.Metrics{out}
}

func metric(name telemetry.MetricSelector_IstioMetric) *telemetry.MetricSelector {
	return &telemetry.MetricSelector{MetricMatch: &telemetry.MetricSelector_Metric{Metric: name}}
}

func tagOverrides(tags map[string]string) map[string]*telemetry.MetricsOverrides_TagOverride {
	out := make(map[string]*telemetry.MetricsOverrides_TagOverride, len(tags))
	for name, value := range tags {
		out[name] = &telemetry.MetricsOverrides_TagOverride{Value: value}
		if value == plan.RemoveTag {
			out[name] = &telemetry.MetricsOverrides_TagOverride{Operation: telemetry.MetricsOverrides_TagOverride_REMOVE}
		}
	}
	return out
}

func providers(names []string) []*telemetry.ProviderRef {
	var out []*telemetry.ProviderRef
	for _, name := range names {
		out = append(out, &telemetry.ProviderRef{Name: name})
	}
	return out
}

func provider(name plan.Value[string]) []*telemetry.ProviderRef {
	if name.IsZero() {
		return nil
	}
	return providers([]string{name.V})
}

func percentage(v plan.Value[v1alpha1.Percentage]) *wrapperspb.DoubleValue {
	if v.IsZero() {
		return nil
	}
	return wrapperspb.Double(float64(v.V))
}

func boolean(v plan.Value[bool]) *wrapperspb.BoolValue {
	if v.IsZero() {
		return nil
	}
	return wrapperspb.Bool(v.V)
}
