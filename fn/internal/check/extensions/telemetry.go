package extensions

import (
	"fmt"
	"strings"

	telemetry "istio.io/api/telemetry/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

type telemetryObject = cluster.Object[*telemetry.Telemetry]

// telemetry checks the Telemetry objects of the build.
func (c *checker) telemetry() {
	c.telemetryDefaults()
	c.severalTelemetries()
	for _, object := range c.Telemetries {
		c.attached(object.Meta, diag.TelemetryNoWorkload)
		c.providers(object)
		c.unknownProviders(object)
		c.spanProvider(object)
	}
}

// telemetryDefaults finds several objects for a whole namespace. One with targetRefs is not for all of it.
func (c *checker) telemetryDefaults() {
	first := map[string]*telemetryObject{}
	for _, object := range c.Telemetries {
		attachment := cluster.AttachmentOf(object.Meta)
		if !attachment.Everything() {
			continue
		}
		other := first[object.Namespace]
		if other == nil {
			first[object.Namespace] = object
			continue
		}
		c.report(diag.Finding{
			Code: diag.SeveralTelemetryDefaults, Source: object.At("metadata.name"),
			Message: fmt.Sprintf("Telemetry %s and %s are both for the whole of %s, and Istio takes only one of them",
				other.Name, object.Name, cluster.InNamespace(object.Namespace)),
			Related: []diag.Source{other.At("metadata.name")},
			Try:     "write both into one object",
		})
	}
}

// severalTelemetries reports each pair of objects once. What only one of the two says comes through; what both say does
// so in an order that nobody chose.
func (c *checker) severalTelemetries() {
	type pair struct{ a, b *telemetryObject }
	reported := map[pair]bool{}
	first := map[*cluster.Pod]*telemetryObject{}
	for _, object := range c.Telemetries {
		attachment := cluster.AttachmentOf(object.Meta)
		if len(attachment.Labels) == 0 {
			continue
		}
		for _, pod := range c.Selected(object.Namespace, attachment.Labels) {
			other := first[pod]
			if other == nil {
				first[pod] = object
				continue
			}
			if pod.Namespace != object.Namespace || reported[pair{other, object}] || sameName(other, object) {
				continue
			}
			reported[pair{other, object}] = true
			c.report(overlap(other, object, pod))
		}
	}
}

func overlap(other, object *telemetryObject, pod *cluster.Pod) diag.Finding {
	if other.ByHand() != object.ByHand() {
		return besideGenerated(other, object, pod)
	}
	finding := diag.Finding{
		Code: diag.SeveralTelemetries, Severity: diag.Warning, Source: object.At("metadata.name"),
		Message: fmt.Sprintf("Telemetry %s and %s both select %s %q, for which Istio promises nothing", other.Name, object.Name, pod.Kind, pod.Name),
		Related: []diag.Source{other.At("metadata.name")},
		Try:     "write both into one object",
	}
	if both := both(other.Spec, object.Spec); both != "" {
		finding.Severity = diag.Error
		finding.Because = []string{"both speak of " + both}
	}
	return finding
}

// both names the parts that two objects both have.
func both(a, b *telemetry.Telemetry) string {
	var parts []string
	if len(a.GetTracing()) > 0 && len(b.GetTracing()) > 0 {
		parts = append(parts, "tracing")
	}
	if len(a.GetMetrics()) > 0 && len(b.GetMetrics()) > 0 {
		parts = append(parts, "metrics")
	}
	if len(a.GetAccessLogging()) > 0 && len(b.GetAccessLogging()) > 0 {
		parts = append(parts, "accessLogging")
	}
	return strings.Join(parts, ", ")
}

// providers finds access logging that goes nowhere. An entry without providers takes those of the entry or object above.
func (c *checker) providers(object *telemetryObject) {
	inherited := c.inherited(object)
	for i, entry := range object.Spec.GetAccessLogging() {
		if len(entry.GetProviders()) > 0 {
			inherited = true
		}
		if inherited || entry.GetDisabled().GetValue() {
			continue
		}
		c.report(diag.Finding{
			Code: diag.TelemetryNoProvider, Severity: diag.Warning, Source: object.At(diag.At("spec.accessLogging", i)),
			Message: fmt.Sprintf("%s names no provider for access logs, so nothing is logged unless the mesh has a default one", object.Resource),
			Because: []string{"no Telemetry above it in this build names one, and defaultProviders of the MeshConfig is empty at first"},
			Try:     "providers: [{name: envoy}]",
		})
		return
	}
}

// inherited reports whether a Telemetry that holds for more proxies names a provider of access logs, or the MeshConfig of
// the profile or of the build a default one.
func (c *checker) inherited(object *telemetryObject) bool {
	mine := cluster.AttachmentOf(object.Meta)
	for _, other := range c.Telemetries {
		theirs := cluster.AttachmentOf(other.Meta)
		above := other.Namespace == c.Istio.RootNamespace || other.Namespace == object.Namespace && !mine.Everything()
		if other == object || !theirs.Everything() || !above {
			continue
		}
		for _, entry := range other.Spec.GetAccessLogging() {
			if len(entry.GetProviders()) > 0 {
				return true
			}
		}
	}
	if defaults := c.Istio.Mesh.DefaultProviders; defaults != nil && len(defaults.AccessLogging) > 0 {
		return true
	}
	var mesh struct {
		Defaults struct {
			AccessLogging []string `yaml:"accessLogging"`
		} `yaml:"defaultProviders"`
	}
	for _, config := range c.meshConfigs() {
		if decodeText(config, "mesh", &mesh) && len(mesh.Defaults.AccessLogging) > 0 {
			return true
		}
	}
	return false
}
