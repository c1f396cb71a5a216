package cluster

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	mesh "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pkg/config/constants"
	"istio.io/istio/pkg/config/validation/agent"
	"istio.io/istio/pkg/util/protomarshal"
)

// ProxyConfig reads the annotation proxy.istio.io/config as Istio's injector does, over the mesh's defaults. The error is
// the one with which it refuses the pod. Unknown are the fields that it ignores.
func ProxyConfig(text string) (config *mesh.ProxyConfig, unknown []string, err error) {
	config = &mesh.ProxyConfig{
		ConfigPath:               constants.ConfigPathDir,
		BinaryPath:               constants.BinaryPathFilename,
		ClusterName:              &mesh.ProxyConfig_ServiceCluster{ServiceCluster: constants.ServiceClusterName},
		DrainDuration:            durationpb.New(45 * time.Second),
		TerminationDrainDuration: durationpb.New(5 * time.Second),
		ProxyAdminPort:           15000,
		StatusPort:               15020,
		StatNameLength:           189,
		ControlPlaneAuthPolicy:   mesh.AuthenticationPolicy_MUTUAL_TLS,
		DiscoveryAddress:         "istiod.istio-system.svc:15012",
	}
	if err := protomarshal.ApplyYAML(text, config); err != nil {
		return nil, nil, fmt.Errorf("it is not a ProxyConfig: %s", strings.Join(strings.Fields(err.Error()), " "))
	}
	checked := proto.CloneOf(config)
	checked.EnvoyMetricsServiceAddress = "" //nolint:staticcheck // It is deprecated, and Istio would log that.
	if result := agent.ValidateMeshConfigProxyConfig(checked); result.Err != nil {
		return nil, nil, fmt.Errorf("it is refused: %s", strings.Join(strings.Fields(result.Err.Error()), " "))
	}
	return config, unknownIn(text), nil
}

// ProxyConfigFields lists the fields of a ProxyConfig, as they are written.
func ProxyConfigFields() []string {
	fields := (&mesh.ProxyConfig{}).ProtoReflect().Descriptor().Fields()
	names := make([]string, 0, fields.Len())
	for i := range fields.Len() {
		names = append(names, fields.Get(i).JSONName())
	}
	return names
}

// unknownIn lists the fields that a ProxyConfig does not have. Istio's reader knows two spellings of each.
func unknownIn(text string) []string {
	var fields map[string]any
	if yaml.Unmarshal([]byte(text), &fields) != nil {
		return nil
	}
	known := (&mesh.ProxyConfig{}).ProtoReflect().Descriptor().Fields()
	var unknown []string
	for name := range fields {
		if known.ByJSONName(name) == nil && known.ByTextName(name) == nil {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	return unknown
}
