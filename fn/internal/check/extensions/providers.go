package extensions

import (
	"fmt"

	telemetry "istio.io/api/telemetry/v1"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// unknownProviders finds telemetry for providers that the mesh does not have.
func (c *checker) unknownProviders(object *telemetryObject) {
	look := func(providers []*telemetry.ProviderRef, field string) {
		for i, provider := range providers {
			if c.HasTelemetryProvider(provider.GetName()) {
				continue
			}
			finding := diag.Finding{
				Code: diag.UnknownProvider, Severity: diag.Warning, Source: object.At(diag.At(field, i) + ".name"),
				Message: fmt.Sprintf("the mesh has no provider %q, so Istio passes over it; it has: %s", provider.GetName(), diag.OneOf(c.Providers())),
				Related: []diag.Source{c.Istio.At("meshConfig.extensionProviders")},
			}
			if nearest, ok := diag.Nearest(provider.GetName(), c.Providers()); ok {
				finding.Try, finding.Proposed = "name: "+nearest, nearest
			}
			c.report(finding)
		}
	}
	for i, entry := range object.Spec.GetTracing() {
		look(entry.GetProviders(), diag.At("spec.tracing", i)+".providers")
	}
	for i, entry := range object.Spec.GetMetrics() {
		look(entry.GetProviders(), diag.At("spec.metrics", i)+".providers")
	}
	for i, entry := range object.Spec.GetAccessLogging() {
		look(entry.GetProviders(), diag.At("spec.accessLogging", i)+".providers")
	}
}
