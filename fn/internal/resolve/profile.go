package resolve

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// The Istio releases this version writes for: the oldest whose API has every field that may be emitted, and the one that
// is taken where the profile says nothing.
const (
	oldestMinor  = 26
	defaultMinor = 31
)

const (
	defaultClusterDomain = "cluster.local"
	defaultRootNamespace = "istio-system"
	defaultGatewayPort   = 80
)

// profile fills in the facts about the installation and the gateways.
func (r *resolver) profile() {
	r.out.Istio = spec.Istio{Minor: defaultMinor, ClusterDomain: defaultClusterDomain, RootNamespace: defaultRootNamespace}
	r.out.Istio.DomainFrom = spec.Computed("clusterDomain", "Kubernetes's own, where the profile has no istio.clusterDomain")
	if r.documents.Profile == nil {
		return
	}
	profile := r.documents.Profile
	if istio := profile.Value.Spec.Istio; istio != nil {
		r.istioFacts(profile, istio)
	}
	for _, name := range slices.Sorted(maps.Keys(profile.Value.Spec.Gateways)) {
		entry := profile.Value.Spec.Gateways[name]
		gateway := spec.Gateway{
			Name: name, Selector: entry.Selector, Namespace: entry.Namespace, ServiceAccount: name,
			HTTPPort: defaultGatewayPort, AllowedDomains: entry.AllowedDomains,
			At: profile.At(diag.Join("spec.gateways", name)), SelectorAt: profile.At(diag.Join("spec.gateways", name) + ".selector"),
			HTTPPortFrom: spec.Computed("ports.http", "where the gateway of the profile has no ports.http"),
		}
		if entry.ServiceAccount != nil {
			gateway.ServiceAccount = *entry.ServiceAccount
		}
		if entry.Ports != nil && entry.Ports.HTTP != nil {
			gateway.HTTPPort = *entry.Ports.HTTP
			gateway.HTTPPortFrom = fact(profile, diag.Join("spec.gateways", name)+".ports.http")
		}
		r.out.Gateways = append(r.out.Gateways, gateway)
	}
}

func (r *resolver) istioFacts(profile *spec.Document[v1alpha1.MeshProfile], istio *v1alpha1.IstioFacts) {
	out := &r.out.Istio
	if istio.Version != nil {
		out.Minor = minorOf(*istio.Version)
	}
	if out.Minor < oldestMinor {
		r.report(diag.Finding{
			Code: diag.UnsupportedIstio, Source: profile.At("spec.istio.version"),
			Message: fmt.Sprintf("Istio %s is older than what meshfn writes for; allowed: 1.%d or newer", *istio.Version, oldestMinor),
		})
	}
	if istio.Revision != nil {
		out.Revision, out.RevisionFrom = *istio.Revision, fact(profile, "spec.istio.revision")
	}
	if istio.ClusterDomain != nil && *istio.ClusterDomain != "" {
		out.ClusterDomain, out.DomainFrom = *istio.ClusterDomain, fact(profile, "spec.istio.clusterDomain")
	}
	if istio.Hostnames != nil {
		out.HostnamesFrom = fact(profile, "spec.istio.hostnames")
	}
	out.FullHostnames = istio.Hostnames != nil && *istio.Hostnames == "fqdn"
	out.NativeSidecars = istio.NativeSidecars
	if istio.RootNamespace != nil && *istio.RootNamespace != "" {
		out.RootNamespace = *istio.RootNamespace
	}
	if istio.MTLS != nil {
		out.MTLS = *istio.MTLS
	}
	out.At = func(field string) diag.Source { return profile.At(diag.Join("spec.istio", field)) }
}

// fact is the origin of what the profile says about the installation.
func fact(profile *spec.Document[v1alpha1.MeshProfile], field string) spec.Origin {
	return spec.Origin{Layer: spec.ProfileDefaults, At: profile.At(field)}
}

func minorOf(version v1alpha1.IstioVersion) int {
	parts := strings.Split(string(version), ".")
	if len(parts) < 2 {
		return 0
	}
	minor, err := strconv.Atoi(parts[1])
	if err != nil {
		return 0
	}
	return minor
}
