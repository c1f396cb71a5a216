package cluster

import (
	"slices"
	"strings"
)

// builtInProviders are there in every mesh.
// https://github.com/istio/istio/blob/master/pkg/config/mesh/mesh.go
func builtInProviders() []string { return []string{"envoy", "prometheus", "stackdriver"} }

// Providers lists those of telemetry and authorization that the mesh has, nothing where the profile does not say it.
func (v *View) Providers() []string {
	if len(v.Istio.Mesh.ExtensionProviders) == 0 {
		return nil
	}
	return append(builtInProviders(), v.Istio.Mesh.ExtensionProviders...)
}

// HasProvider reports whether the mesh has a provider of that name, or may have it.
func (v *View) HasProvider(name string) bool {
	known := v.Providers()
	return len(known) == 0 || slices.Contains(known, name)
}

// HasTelemetryProvider is the same for telemetry, where Istio does not mind upper and lower case.
func (v *View) HasTelemetryProvider(name string) bool {
	known := v.Providers()
	return len(known) == 0 || slices.ContainsFunc(known, func(other string) bool { return strings.EqualFold(other, name) })
}
