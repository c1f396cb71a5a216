package limits

import (
	"slices"

	telemetry "istio.io/api/telemetry/v1"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// telemetryReadings lists what a Telemetry says about settings.
func (l *limiter) telemetryReadings(spec *telemetry.Telemetry) []reading {
	var all []reading
	add := func(path, field string, extent extent, values ...string) {
		all = append(all, reading{
			path: "telemetry." + path, field: field, values: values, namespace: l.object.Resource.Namespace, extent: extent,
		})
	}
	value := func(path, field string, values []string) { add(path, field, oneSetting, values...) }
	for i, tracing := range spec.Tracing {
		at, message := diag.At("spec.tracing", i), tracing.ProtoReflect()
		add("tracing", at, block, unless(tracing.GetDisableSpanReporting().GetValue())...)
		value("tracing.provider", at+".providers", namesOf(tracing.Providers))
		value("tracing.randomSamplingPercentage", at+".randomSamplingPercentage", wordsAt(message, "randomSamplingPercentage"))
		value("tracing.customTags", at+".customTags", wordsAt(message, "customTags"))
		value("tracing.disableContextPropagation", at+".disableContextPropagation", wordsAt(message, "disableContextPropagation"))
	}
	for i, log := range spec.AccessLogging {
		at := diag.At("spec.accessLogging", i)
		filter := wordsAt(log.ProtoReflect(), "filter.expression")
		add("accessLog", at, block, unless(log.GetDisabled().GetValue())...)
		value("accessLog.providers", at+".providers", namesOf(log.Providers))
		value("accessLog.filter", at+".filter", filter)
		add("accessLog.onlyErrors", at+".filter", whole, filter...) // It is written as a filter.
	}
	for i, metrics := range spec.Metrics {
		metricReadings(metrics, diag.At("spec.metrics", i), add)
	}
	any := slices.ContainsFunc(all, func(r reading) bool { return r.extent == block && len(r.values) > 0 })
	all = append(all, reading{path: "telemetry", field: "spec", values: unless(!any), namespace: l.object.Resource.Namespace, extent: block})
	return all
}

// metricReadings lists what the overrides of metrics come to.
func metricReadings(metrics *telemetry.Metrics, at string, add func(path, field string, extent extent, values ...string)) {
	var modes, disabled, tags []string
	off := false
	for _, override := range metrics.Overrides {
		match := override.GetMatch()
		everything := match.GetMetric() == telemetry.MetricSelector_ALL_METRICS && match.GetCustomMetric() == ""
		switch {
		case !override.GetDisabled().GetValue():
		case everything && match.GetMode() == telemetry.WorkloadMode_CLIENT_AND_SERVER:
			off = true
		case everything && match.GetMode() == telemetry.WorkloadMode_CLIENT:
			modes = append(modes, telemetry.WorkloadMode_SERVER.String())
		case everything:
			modes = append(modes, telemetry.WorkloadMode_CLIENT.String())
		default:
			disabled = append(disabled, match.GetMetric().String()+match.GetCustomMetric())
		}
		tags = append(tags, wordsAt(override.ProtoReflect(), "tagOverrides")...)
	}
	add("metrics", at, block, unless(off)...)
	add("metrics.providers", at+".providers", oneSetting, namesOf(metrics.Providers)...)
	add("metrics.mode", at+".overrides", oneSetting, modes...)
	add("metrics.disabled", at+".overrides", oneSetting, disabled...)
	add("metrics.tagOverrides", at+".overrides", oneSetting, tags...)
}

// unless is the reading of a block that is on, unless it is turned off.
func unless(off bool) []string {
	if off {
		return nil
	}
	return []string{"on"}
}

func namesOf(providers []*telemetry.ProviderRef) []string {
	names := make([]string, 0, len(providers))
	for _, provider := range providers {
		names = append(names, provider.GetName())
	}
	return slices.Clip(names)
}
