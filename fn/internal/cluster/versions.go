package cluster

import (
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// definition is a kind as Istio's own definitions have it.
type definition struct {
	group    string
	kinds    []string
	versions []string // the preferred one first
}

// definitions lists the kinds of Istio that a cluster knows.
// https://github.com/istio/istio/blob/master/manifests/charts/base/files/crd-all.gen.yaml
func definitions() []definition {
	return []definition{
		{
			NetworkingGroup,
			[]string{"VirtualService", "DestinationRule", "Gateway", "ServiceEntry", "Sidecar", "WorkloadEntry", "WorkloadGroup"},
			[]string{"v1", "v1beta1", "v1alpha3"},
		},
		{NetworkingGroup, []string{"EnvoyFilter"}, []string{"v1alpha3"}},
		{NetworkingGroup, []string{"ProxyConfig"}, []string{"v1beta1"}},
		{SecurityGroup, []string{"AuthorizationPolicy", "PeerAuthentication", "RequestAuthentication"}, []string{"v1", "v1beta1"}},
		{TelemetryGroup, []string{"Telemetry"}, []string{"v1", "v1alpha1"}},
		{ExtensionsGroup, []string{"WasmPlugin", "TrafficExtension"}, []string{"v1alpha1"}},
	}
}

// undefined reports an object of Istio's groups whose kind or version no cluster knows, nil for any other.
func undefined(it *item.Item) *diag.Finding {
	var kinds []string // of the group
	elsewhere := ""    // an apiVersion that has the kind
	for _, of := range definitions() {
		switch {
		case of.group != it.Group():
			if slices.Contains(of.kinds, it.Kind()) {
				elsewhere = of.group + "/" + of.versions[0]
			}
		case slices.Contains(of.kinds, it.Kind()):
			return unserved(it, of)
		default:
			kinds = append(kinds, of.kinds...)
		}
	}
	if len(kinds) == 0 {
		return nil // A group of somebody else, or one that Istio has given up.
	}
	finding := &diag.Finding{
		Code: diag.InvalidObject, Source: it.Source("kind"),
		Message: fmt.Sprintf("a cluster refuses %s: %s has no kind %q; it has: %s", it.Resource(), it.Group(), it.Kind(), diag.OneOf(kinds)),
	}
	if nearest, ok := diag.Nearest(it.Kind(), kinds); ok {
		finding.Try, finding.Proposed = "kind: "+nearest, nearest
	}
	if elsewhere != "" {
		finding.Source = it.Source("apiVersion")
		finding.Try, finding.Proposed = "apiVersion: "+elsewhere, elsewhere
	}
	return finding
}

// unserved reports a version that the kind does not have.
func unserved(it *item.Item, of definition) *diag.Finding {
	_, version, _ := strings.Cut(it.Resource().APIVersion, "/")
	if slices.Contains(of.versions, version) {
		return nil
	}
	use := of.group + "/" + of.versions[0]
	return &diag.Finding{
		Code: diag.InvalidObject, Source: it.Source("apiVersion"),
		Message: fmt.Sprintf("a cluster refuses %s: %s has no version %q; it has: %s", it.Resource(), it.Kind(), version, strings.Join(of.versions, ", ")),
		Try:     "apiVersion: " + use, Proposed: use,
	}
}
