package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/cel-go/cel"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// The Istio releases that first have a field of a Telemetry.
const (
	formatterMinor     = 29
	noPropagationMinor = 30
)

// onlyErrors is true for what went wrong. Envoy knows no code of a connection and has a gRPC status for any call, so the one
// may be missing and the other counts for gRPC alone; the flags say why a call or connection broke off.
// https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/advanced/attributes#response-attributes
const onlyErrors = `response.code >= 400 || response.flags != 0 || ` +
	`(request.headers['content-type'].startsWith('application/grpc') && response.grpc_status != 0)`

func (p *planner) tracingOf(asked *v1alpha1.Tracing, origins spec.Origins) Tracing {
	origin := func(field string) spec.Origin { return origins.Of("telemetry.tracing." + field) }
	out := Tracing{
		Provider:      given(asked.Provider, origin("provider")),
		Sampling:      given(asked.RandomSamplingPercentage, origin("randomSamplingPercentage")),
		NoPropagation: given(asked.DisableContextPropagation, origin("disableContextPropagation")),
	}
	if !out.Provider.IsZero() {
		p.checkWords("telemetry.tracing.provider", []string{out.Provider.V}, out.Provider.From)
	}
	if !out.NoPropagation.IsZero() {
		p.needsIstio(noPropagationMinor, "telemetry.tracing.disableContextPropagation", out.NoPropagation.From)
	}
	if len(asked.CustomTags) == 0 {
		return out
	}
	out.Tags = Value[map[string]Tag]{map[string]Tag{}, origins.Within("telemetry.tracing.customTags")}
	for _, name := range slices.Sorted(maps.Keys(asked.CustomTags)) {
		field := diag.Join("telemetry.tracing.customTags", name)
		p.checkWords("the name of a tag", []string{name}, origins.Of(field))
		out.Tags.V[name] = p.tag(field, asked.CustomTags[name], origins.Of(field))
	}
	return out
}

// tag decides where the value of a tag comes from; there is exactly one source.
func (p *planner) tag(field string, asked *v1alpha1.CustomTag, from spec.Origin) Tag {
	var found []Tag
	for _, source := range []struct {
		name  TagSource
		value *string
	}{
		{TagLiteral, asked.Literal},
		{TagHeader, asked.Header},
		{TagEnvironment, asked.Environment},
		{TagFormatter, asked.Formatter},
	} {
		if source.value != nil {
			p.checkWords(field+"."+string(source.name), []string{*source.value}, from)
			found = append(found, Tag{Source: source.name, Value: *source.value})
		}
	}
	const allowed = "literal, header, environment, formatter"
	switch {
	case len(found) == 0:
		p.refuseValue(from, field+" has no value; allowed is one of: "+allowed, "literal: …")
		return Tag{}
	case len(found) > 1:
		p.refuseValue(from, fmt.Sprintf("%s has both %s and %s; allowed is one of: %s", field, found[0].Source, found[1].Source, allowed), "keep one of the two")
		return Tag{}
	}
	tag := found[0]
	if tag.Source == TagFormatter {
		p.needsIstio(formatterMinor, field+".formatter", from)
	}
	switch {
	case asked.DefaultValue == nil:
	case tag.Source != TagHeader && tag.Source != TagEnvironment:
		p.refuseValue(from, fmt.Sprintf("%s.defaultValue stands in for a header or a variable, and the tag has a %s", field, tag.Source), "remove defaultValue")
	default:
		tag.Default = *asked.DefaultValue
	}
	return tag
}

func (p *planner) accessLogOf(asked *v1alpha1.AccessLog, origins spec.Origins) AccessLog {
	const block = "telemetry.accessLog."
	out := AccessLog{
		Providers: p.providersOf(asked.Providers, block+"providers", origins),
		Only:      given(asked.Filter, origins.Of(block+"filter")),
	}
	if !out.Only.IsZero() {
		p.checkExpression(block+"filter", out.Only.V, out.Only.From)
	}
	errors := given(asked.OnlyErrors, origins.Of(block+"onlyErrors"))
	switch { // The later layer says what is logged.
	case errors.From.Layer < out.Only.From.Layer:
	case errors.From.Layer > out.Only.From.Layer && errors.V:
		out.Only = Value[string]{onlyErrors, errors.From}
	case errors.From.Layer > out.Only.From.Layer:
		out.Only = Value[string]{}
	case errors.V:
		p.report(diag.Finding{
			Code: diag.TelemetryValue, Source: errors.From.At, Message: "filter and onlyErrors exclude each other",
			Related: []diag.Source{out.Only.From.At}, Try: "keep one of the two",
		})
	}
	return out
}

func (p *planner) metricsOf(asked *v1alpha1.Metrics, origins spec.Origins) Metrics {
	const block = "telemetry.metrics."
	out := Metrics{
		Providers: p.providersOf(asked.Providers, block+"providers", origins),
		Mode:      given(asked.Mode, origins.Of(block+"mode")),
	}
	if asked.Disabled != nil {
		out.Off = Value[[]string]{slices.Compact(slices.Sorted(slices.Values(asked.Disabled))), origins.Of(block + "disabled")}
	}
	if len(asked.TagOverrides) == 0 {
		return out
	}
	out.Tags = given(&asked.TagOverrides, origins.Within(block+"tagOverrides"))
	for _, name := range slices.Sorted(maps.Keys(asked.TagOverrides)) {
		field := diag.Join(block+"tagOverrides", name)
		p.checkWords("the name of a tag", []string{name}, origins.Of(field))
		p.checkExpression(field, asked.TagOverrides[name], origins.Of(field))
	}
	return out
}

func (p *planner) providersOf(names []string, field string, origins spec.Origins) Value[[]string] {
	if names == nil {
		return Value[[]string]{}
	}
	p.checkWords(field, names, origins.Of(field))
	return given(&names, origins.Of(field))
}

// checkWords refuses empty text, which Istio takes for a mistake only when it is applied.
func (p *planner) checkWords(field string, words []string, from spec.Origin) {
	if slices.Contains(words, "") {
		p.refuseValue(from, field+" is empty", "")
	}
}

// checkExpression refuses what is not written in CEL. Istio looks at filters only, and Envoy drops an expression that it
// cannot read without a word.
func (p *planner) checkExpression(field, text string, from spec.Origin) {
	if strings.TrimSpace(text) == "" {
		p.refuseValue(from, field+" is empty", "")
		return
	}
	if p.cel == nil {
		p.cel, _ = cel.NewEnv() // Without options there is nothing that could fail.
	}
	if _, issues := p.cel.Parse(text); issues.Err() != nil {
		first := issues.Errors()[0]
		p.report(diag.Finding{
			Code: diag.TelemetryValue, Source: from.At,
			Message: fmt.Sprintf("%s is not an expression in CEL: %s at character %d", field, strings.TrimSpace(first.Message), first.Location.Column()+1),
			Because: []string{"Envoy evaluates it: https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/advanced/attributes"},
		})
	}
}

// needsIstio refuses a field that the installation does not have: it would drop it without a word.
func (p *planner) needsIstio(minor int, field string, from spec.Origin) {
	if p.spec.Istio.Minor >= minor {
		return
	}
	p.report(diag.Finding{
		Code: diag.UnsupportedIstio, Source: from.At,
		Message: fmt.Sprintf("%s needs Istio 1.%d or newer, and the profile says 1.%d", field, minor, p.spec.Istio.Minor),
		Related: []diag.Source{p.spec.Istio.VersionAt},
		Try:     "remove it, or correct istio.version in the MeshProfile",
	})
}

func (p *planner) refuseValue(from spec.Origin, message, try string) {
	p.report(diag.Finding{Code: diag.TelemetryValue, Source: from.At, Message: message, Try: try})
}
