package extensions

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// sameName reports whether one of two objects would overwrite the other, which is said of the name.
func sameName(a, b *telemetryObject) bool { return a.Namespace == b.Namespace && a.Name == b.Name }

// besideGenerated refuses an object of the user's for pods that a generated one is for, whatever the two say: a later build
// may make the generated one say more.
func besideGenerated(a, b *telemetryObject, pod *cluster.Pod) diag.Finding {
	generated, other := a, b
	if a.ByHand() {
		generated, other = b, a
	}
	return diag.Finding{
		Code: diag.SeveralTelemetries, Source: generated.At("spec.selector"),
		Message: fmt.Sprintf("Telemetry %q of the build selects %s %q like the generated one, and Istio promises nothing for two",
			other.Name, pod.Kind, pod.Name),
		Related: []diag.Source{other.At("spec.selector")},
		Try:     "remove yours, or write telemetry: false, or manage: {Telemetry: false} for a Service, to keep it",
	}
}

// spanProvider says where a generated object relies on a provider of spans that nobody names. Without one, what it says of
// tracing turns tracing off, also where the MeshConfig has enableTracing.
// https://github.com/istio/istio/blob/master/pilot/pkg/model/telemetry.go
func (c *checker) spanProvider(object *telemetryObject) {
	if object.ByHand() || c.inheritedSpans(object) {
		return
	}
	for _, entry := range object.Spec.GetTracing() {
		if len(entry.GetProviders()) > 0 || entry.GetDisableSpanReporting().GetValue() {
			continue
		}
		c.report(diag.Finding{
			Code: diag.SpanProvider, Severity: diag.Info, Source: object.At("spec.tracing"),
			Message: "not checked: whether the mesh has a default provider for spans; tracing here names none, and nothing is traced without one",
			Because: []string{"no Telemetry above it and no MeshConfig in this build names one"},
			Try:     "provider: …, by the name of an extension provider of the MeshConfig",
		})
	}
}

// inheritedSpans reports whether a Telemetry that holds for more proxies names a provider of spans, or the MeshConfig of the
// build a default one.
func (c *checker) inheritedSpans(object *telemetryObject) bool {
	for _, other := range c.Telemetries {
		theirs := cluster.AttachmentOf(other.Meta)
		if !theirs.Everything() || other.Namespace != c.Istio.RootNamespace && other.Namespace != object.Namespace {
			continue
		}
		for _, entry := range other.Spec.GetTracing() {
			if len(entry.GetProviders()) > 0 {
				return true
			}
		}
	}
	var mesh struct {
		Defaults struct {
			Tracing []string `yaml:"tracing"`
		} `yaml:"defaultProviders"`
	}
	for _, config := range c.meshConfigs() {
		if decodeText(config, "mesh", &mesh) && len(mesh.Defaults.Tracing) > 0 {
			return true
		}
	}
	return false
}
