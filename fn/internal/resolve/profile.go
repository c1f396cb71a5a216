package resolve

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/releases"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

const (
	defaultClusterDomain = "cluster.local"
	defaultRootNamespace = "istio-system"
	defaultGatewayPort   = 80
)

// profile fills in the facts about the installation and the gateways.
func (r *resolver) profile() {
	r.out.Istio = spec.Istio{Minor: releases.Newest, ClusterDomain: defaultClusterDomain, RootNamespace: defaultRootNamespace}
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
			Name: name, Selector: entry.Selector, Namespace: string(entry.Namespace), ServiceAccount: name,
			HTTPPort: defaultGatewayPort, HTTPPortFrom: spec.Computed("ports.http", "where the gateway of the profile has no ports.http"),
			At: profile.At(diag.Join("spec.gateways", name)), SelectorAt: profile.At(diag.Join("spec.gateways", name) + ".selector"),
			NamespaceAt: profile.At(diag.Join("spec.gateways", name) + ".namespace"),
		}
		for _, domain := range entry.AllowedDomains {
			gateway.AllowedDomains = append(gateway.AllowedDomains, string(domain))
		}
		if entry.ServiceAccount != nil {
			gateway.ServiceAccount = *entry.ServiceAccount
		}
		if entry.Ports != nil && entry.Ports.HTTP != nil {
			gateway.HTTPPort = *entry.Ports.HTTP
			gateway.HTTPPortFrom = fact(profile, diag.Join("spec.gateways", name)+".ports.http")
		}
		if entry.TargetPorts != nil && entry.TargetPorts.HTTP != nil {
			gateway.HTTPTarget = *entry.TargetPorts.HTTP
			gateway.HTTPTargetFrom = fact(profile, diag.Join("spec.gateways", name)+".targetPorts.http")
		}
		r.out.Gateways = append(r.out.Gateways, gateway)
	}
}

func (r *resolver) istioFacts(profile *spec.Document[v1alpha1.MeshProfile], istio *v1alpha1.IstioFacts) {
	out := &r.out.Istio
	if istio.Version != nil {
		out.Minor, out.VersionAt = minorOf(*istio.Version), profile.At("spec.istio.version")
	}
	r.supported(profile, out.Minor)
	if istio.Revision != nil {
		out.Revision, out.RevisionFrom = string(*istio.Revision), fact(profile, "spec.istio.revision")
	}
	if istio.ClusterDomain != nil {
		out.ClusterDomain, out.DomainFrom = string(*istio.ClusterDomain), fact(profile, "spec.istio.clusterDomain")
	}
	if istio.Hostnames != nil {
		out.HostnamesFrom = fact(profile, "spec.istio.hostnames")
	}
	out.FullHostnames = istio.Hostnames != nil && *istio.Hostnames == "fqdn"
	out.NativeSidecars = istio.NativeSidecars
	if istio.RootNamespace != nil {
		out.RootNamespace = string(*istio.RootNamespace)
	}
	if istio.MTLS != nil {
		out.MTLS = *istio.MTLS
	}
	if istio.TrustDomain != nil {
		out.TrustDomain = string(*istio.TrustDomain)
	}
	if istio.OutboundTrafficPolicy != nil {
		out.OutboundPolicy = *istio.OutboundTrafficPolicy
	}
	if istio.MeshConfig != nil {
		out.Mesh = *istio.MeshConfig
		r.meshConfig(profile, istio.MeshConfig)
	}
	out.At = func(field string) diag.Source { return profile.At("spec.istio." + field) }
}

// supported refuses a release that lacks fields which may be emitted, and says what a newer one than those known here means.
func (r *resolver) supported(profile *spec.Document[v1alpha1.MeshProfile], minor int) {
	finding := diag.Finding{Code: diag.UnsupportedIstio, Source: profile.At("spec.istio.version")}
	switch {
	case minor < releases.Oldest:
		finding.Message = fmt.Sprintf("Istio 1.%d is older than what meshfn writes for; allowed: 1.%d or newer", minor, releases.Oldest)
	case minor > releases.Newest:
		finding.Severity = diag.Info
		finding.Message = fmt.Sprintf("not checked: what Istio 1.%d changes; this version of meshfn knows the releases from 1.%d to 1.%d and writes as for the last of them",
			minor, releases.Oldest, releases.Newest)
		finding.Try = "a newer version of meshfn, if there is one"
	default:
		return
	}
	r.report(finding)
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
