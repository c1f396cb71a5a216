package istio

import (
	"fmt"
	"slices"
	"strings"

	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	"istio.io/istio/pilot/test/xdstest"
)

// knows lists everything of a kind that a proxy has for calls to others, so that nothing more can be there.
func (p *proxyConfig) knows(kind string) (any, error) {
	names := []string{}
	switch kind {
	case "clusters":
		for _, name := range xdstest.MapKeys(xdstest.ExtractClusters(p.clusters)) {
			if strings.HasPrefix(name, "outbound|") {
				names = append(names, name)
			}
		}
	case "hosts":
		for _, config := range p.routes {
			for _, host := range config.VirtualHosts {
				if !strings.HasPrefix(config.Name, "inbound|") && !slices.Contains([]string{"block_all", "allow_any", "backend"}, host.Name) {
					names = append(names, host.Name)
				}
			}
		}
	case "listeners":
		for _, one := range p.listeners {
			if one.TrafficDirection == core.TrafficDirection_OUTBOUND && one.Name != "virtualOutbound" {
				names = append(names, one.Name)
			}
		}
	default:
		return nil, fmt.Errorf("knows: %s is neither clusters, hosts nor listeners", kind)
	}
	slices.Sort(names)
	return map[string]any{"names": strings.Join(slices.Compact(names), " ")}, nil
}
