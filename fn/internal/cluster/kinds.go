package cluster

import (
	"cmp"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	extensions "istio.io/api/extensions/v1alpha1"
	networking "istio.io/api/networking/v1"
	envoyfilter "istio.io/api/networking/v1alpha3"
	networkingbeta "istio.io/api/networking/v1beta1"
	security "istio.io/api/security/v1"
	telemetry "istio.io/api/telemetry/v1"
)

// The API groups whose objects are of interest.
const (
	NetworkingGroup = "networking.istio.io"
	SecurityGroup   = "security.istio.io"
	TelemetryGroup  = "telemetry.istio.io"
	ExtensionsGroup = "extensions.istio.io"
	GatewayAPIGroup = "gateway.networking.k8s.io"
)

func groupOf(apiVersion string) string {
	group, _, found := strings.Cut(apiVersion, "/")
	if !found {
		return ""
	}
	return group
}

// ofInterest reports whether objects of a group are read.
func ofInterest(group string) bool {
	return strings.HasSuffix(group, ".istio.io") || group == GatewayAPIGroup
}

// typeOf is an empty spec of a kind, nil for a kind that is not read.
func typeOf(group, kind string) proto.Message {
	switch group + "/" + kind {
	case NetworkingGroup + "/VirtualService":
		return &networking.VirtualService{}
	case NetworkingGroup + "/DestinationRule":
		return &networking.DestinationRule{}
	case NetworkingGroup + "/Gateway":
		return &networking.Gateway{}
	case NetworkingGroup + "/ServiceEntry":
		return &networking.ServiceEntry{}
	case NetworkingGroup + "/Sidecar":
		return &networking.Sidecar{}
	case NetworkingGroup + "/WorkloadEntry":
		return &networking.WorkloadEntry{}
	case NetworkingGroup + "/WorkloadGroup":
		return &networking.WorkloadGroup{}
	case NetworkingGroup + "/ProxyConfig":
		return &networkingbeta.ProxyConfig{}
	case NetworkingGroup + "/EnvoyFilter":
		return &envoyfilter.EnvoyFilter{}
	case SecurityGroup + "/AuthorizationPolicy":
		return &security.AuthorizationPolicy{}
	case SecurityGroup + "/PeerAuthentication":
		return &security.PeerAuthentication{}
	case SecurityGroup + "/RequestAuthentication":
		return &security.RequestAuthentication{}
	case TelemetryGroup + "/Telemetry":
		return &telemetry.Telemetry{}
	case ExtensionsGroup + "/WasmPlugin":
		return &extensions.WasmPlugin{}
	case ExtensionsGroup + "/TrafficExtension":
		return &extensions.TrafficExtension{}
	}
	return nil
}

// add puts an object into the list of its kind.
func (v *View) add(m *Meta) {
	switch spec := m.typed.(type) {
	case *networking.VirtualService:
		put(&v.VirtualServices, m, spec)
	case *networking.DestinationRule:
		put(&v.DestinationRules, m, spec)
	case *networking.Gateway:
		put(&v.Gateways, m, spec)
	case *networking.ServiceEntry:
		put(&v.ServiceEntries, m, spec)
	case *networking.Sidecar:
		put(&v.Sidecars, m, spec)
	case *networking.WorkloadEntry:
		put(&v.WorkloadEntries, m, spec)
	case *networking.WorkloadGroup:
		put(&v.WorkloadGroups, m, spec)
	case *networkingbeta.ProxyConfig:
		put(&v.ProxyConfigs, m, spec)
	case *envoyfilter.EnvoyFilter:
		put(&v.EnvoyFilters, m, spec)
	case *security.AuthorizationPolicy:
		put(&v.AuthorizationPolicies, m, spec)
	case *security.PeerAuthentication:
		put(&v.PeerAuthentications, m, spec)
	case *security.RequestAuthentication:
		put(&v.RequestAuthentications, m, spec)
	case *telemetry.Telemetry:
		put(&v.Telemetries, m, spec)
	case *extensions.WasmPlugin:
		put(&v.WasmPlugins, m, spec)
	case *extensions.TrafficExtension:
		put(&v.TrafficExtensions, m, spec)
	default:
		v.Rest = append(v.Rest, m)
		return
	}
	v.all = append(v.all, &Any{m, m.typed})
}

func put[T any](list *[]*Object[T], m *Meta, spec T) { *list = append(*list, &Object[T]{m, spec}) }

// sort makes everything later independent of the order of the input.
func (v *View) sort() {
	order(v.VirtualServices)
	order(v.DestinationRules)
	order(v.Gateways)
	order(v.ServiceEntries)
	order(v.Sidecars)
	order(v.WorkloadEntries)
	order(v.WorkloadGroups)
	order(v.ProxyConfigs)
	order(v.EnvoyFilters)
	order(v.AuthorizationPolicies)
	order(v.PeerAuthentications)
	order(v.RequestAuthentications)
	order(v.Telemetries)
	order(v.WasmPlugins)
	order(v.TrafficExtensions)
	order(v.all)
	slices.SortStableFunc(v.Rest, compare)
}

func order[T any](list []*Object[T]) {
	slices.SortStableFunc(list, func(a, b *Object[T]) int { return compare(a.Meta, b.Meta) })
}

func compare(a, b *Meta) int {
	return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
}
