package v1alpha1

import (
	"fmt"
	"regexp"
)

// IstioFacts describes the Istio installation. Nothing is looked up in a cluster: what is not said here is unknown.
type IstioFacts struct {
	// Version is the release of the control plane and of the oldest proxies, as major.minor.
	//
	// Default: 1.31.
	// Error: below 1.26; a setting that needs a newer release than this.
	Version *IstioVersion `json:"version,omitempty" meshfn:"quoted,example=1.31"`
	// Revision is the revision or revision tag whose injector the pods use.
	//
	// Default: none, the default revision.
	// Becomes: the label `istio.io/rev` instead of `sidecar.istio.io/inject` on pods with a sidecar.
	// Error: what cannot be the value of a label.
	Revision *LabelValue `json:"revision,omitempty" meshfn:"quoted,example=stable"`
	// ClusterDomain is the DNS suffix of Services.
	//
	// Default: cluster.local.
	// Error: what is not a domain name.
	ClusterDomain *DNSName `json:"clusterDomain,omitempty" meshfn:"quoted,example=cluster.local"`
	// Hostnames is `short` for the plain Service name within an object's own namespace, so that a later overlay or
	// controller may still change the namespace, or `fqdn` for full names everywhere.
	//
	// Default: short.
	// Error: `fqdn` where the build does not say the namespace of a Service.
	Hostnames *string `json:"hostnames,omitempty" meshfn:"enum=short|fqdn"`
	// NativeSidecars says whether sidecars are injected as native sidecar containers. Without them a Job with a sidecar
	// never ends, so `false` makes that an error, and an unknown answer a warning.
	//
	// Default: unknown.
	//
	// Source: https://istio.io/latest/blog/2023/native-sidecars/
	NativeSidecars *bool `json:"nativeSidecars,omitempty"`
	// RootNamespace is where objects without a selector speak of the whole mesh: meshConfig.rootNamespace.
	//
	// Default: istio-system.
	// Error: what cannot be the name of a namespace.
	//
	// Source: https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig
	RootNamespace *NamespaceName `json:"rootNamespace,omitempty" meshfn:"quoted,example=istio-system"`
	// MTLS is the mode of the PeerAuthentication for the whole mesh, which is in the root namespace: what a workload accepts
	// when neither its namespace nor its own PeerAuthentication says a mode. If the build has that PeerAuthentication and
	// the two disagree, that is a warning.
	//
	// Default: unknown. Istio takes PERMISSIVE where there is no such PeerAuthentication, but a build cannot see that.
	// Becomes: with PERMISSIVE or DISABLE, a PeerAuthentication that says PERMISSIVE for each workload with a sidecar, at
	// the stages `observe` and `resilience`.
	//
	// Source: https://istio.io/latest/docs/reference/config/security/peer_authentication/
	MTLS *string `json:"mtls,omitempty" meshfn:"enum=PERMISSIVE|STRICT|DISABLE"`
	// TrustDomain is the trust domain of the mesh, with which the identities of its workloads begin. In rules,
	// `cluster.local` stands for it whatever it is. Where it is said, an AuthorizationPolicy that speaks of another trust
	// domain never matches, unless `meshConfig.trustDomainAliases` has that one.
	//
	// Default: cluster.local, and rules about other trust domains are not checked.
	// Error: what is not a domain name.
	//
	// Source: https://istio.io/latest/docs/tasks/security/authorization/authz-td-migration/
	TrustDomain *DNSName `json:"trustDomain,omitempty" meshfn:"quoted,example=cluster.local"`
	// OutboundTrafficPolicy is what the proxies of the mesh do with calls to hosts that it does not know:
	// `meshConfig.outboundTrafficPolicy.mode`. With `REGISTRY_ONLY` such calls fail.
	//
	// Default: unknown; Istio's own is ALLOW_ANY.
	// Error: ALLOW_ANY_DYNAMIC_DNS with a version below 1.30.
	//
	// Source: https://istio.io/latest/docs/tasks/traffic-management/egress/egress-control/
	OutboundTrafficPolicy *string `json:"outboundTrafficPolicy,omitempty" meshfn:"enum=ALLOW_ANY|REGISTRY_ONLY|ALLOW_ANY_DYNAMIC_DNS"`
	// MeshConfig is what Istio's own configuration of the mesh says, as far as the output depends on it or a check can
	// use it.
	//
	// Example: {extensionProviders: [oauth2-proxy, otel]}
	//
	// Source: https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig
	MeshConfig *MeshConfig `json:"meshConfig,omitempty"`
}

// IstioVersion is a release of Istio as major.minor.
type IstioVersion string

// versionPattern accepts a release, with or without a patch number.
var versionPattern = regexp.MustCompile(`^1\.(\d{1,3})(\.\d+)?$`)

// UnmarshalText accepts a release such as 1.31 or 1.31.4.
func (v *IstioVersion) UnmarshalText(text []byte) error {
	if !versionPattern.Match(text) {
		return &ValueError{
			Problem: fmt.Sprintf("%q is not an Istio release", text), Allowed: `a release in quotes such as "1.31"`,
		}
	}
	*v = IstioVersion(text)
	return nil
}
