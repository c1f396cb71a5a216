package facts

import (
	"slices"
	"testing"

	"istio.io/api/annotation"
)

// TestAnnotationsAreIstios holds that Istio has every annotation that is written or read by name.
func TestAnnotationsAreIstios(t *testing.T) {
	var known []string
	for _, one := range annotation.AllResourceAnnotations() {
		known = append(known, one.Name)
	}
	for _, name := range []string{
		ProxyConfig, LogLevel, ProxyCPU, ProxyMemory, ProxyCPULimit, ProxyMemoryLimit, ExcludeInboundPorts, ExcludeOutboundPorts,
		ExcludeOutboundRanges, IncludeOutboundRanges, InterceptionMode, InjectLabel, exportAnnotation,
	} {
		if !slices.Contains(known, name) {
			t.Errorf("Istio has no annotation %s", name)
		}
	}
}
