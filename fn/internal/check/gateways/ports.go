package gateways

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// ports finds servers on a port that no Service brings calls to. A server's port is that of the Service or of the pod:
// Istio takes a number that the Service has for the Service's, and listens on its target port.
// https://istio.io/latest/docs/reference/config/networking/gateway/#Port
func (c *checker) ports() {
	for _, g := range c.Gateways {
		pods := c.placeOf(g).pods
		services := servicesOf(pods)
		if len(pods) == 0 || slices.ContainsFunc(pods, func(pod *cluster.Pod) bool { return pod.HostNetwork }) {
			continue // On the host's network, pods are reached without a Service.
		}
		if len(services) == 0 {
			c.report(diag.Finding{
				Code: diag.GatewayPortClosed, Severity: diag.Info, Source: g.At("spec.selector"),
				Message: fmt.Sprintf("not checked: on which ports the pods of %s are reached; the build has no Service for them", g.Resource),
				Related: []diag.Source{pods[0].Source(pods[0].MetadataField("labels"))},
			})
			continue
		}
		c.openPorts(g, pods, services)
	}
}

func (c *checker) openPorts(g *gateway, pods []*cluster.Pod, services []*facts.Service) {
	open, keys := reachable(services, pods)
	reported := map[uint32]bool{}
	for i, server := range g.Spec.Servers {
		number := server.GetPort().GetNumber()
		if number == 0 || open[number] || reported[number] {
			continue
		}
		reported[number] = true
		slices.Sort(keys)
		c.report(diag.Finding{
			Code: diag.GatewayPortClosed, Severity: diag.Warning, Source: g.At(diag.At("spec.servers", i) + ".port.number"),
			Message: fmt.Sprintf("the gateway listens on port %d, and no port of its Service leads there; the Service has: %s",
				number, diag.OneOf(slices.Compact(keys))),
			Related: []diag.Source{services[0].Source("spec.ports")},
			Try:     "a port of the Service, or add this one to the Service",
		})
	}
}

// reachable are the ports of the Services and those of the pods behind them; the first ones also as text.
func reachable(services []*facts.Service, pods []*cluster.Pod) (open map[uint32]bool, keys []string) {
	open = map[uint32]bool{}
	for _, service := range services {
		for i := range service.Ports {
			port := &service.Ports[i]
			if facts.Transport(port.Transport) != "TCP" {
				continue
			}
			open[uint32(port.Number)] = true //nolint:gosec // Port numbers are checked when Services are read.
			for _, pod := range pods {
				if number, ok := pod.Target(port); ok {
					open[uint32(number)] = true //nolint:gosec // A port that does not fit is in no server either.
				}
			}
			keys = append(keys, strconv.Itoa(int(port.Number)))
		}
	}
	return open, keys
}

// servicesOf are the Services that select some of the pods.
func servicesOf(pods []*cluster.Pod) []*facts.Service {
	var services []*facts.Service
	for _, pod := range pods {
		for _, service := range pod.Services {
			if !slices.Contains(services, service) {
				services = append(services, service)
			}
		}
	}
	return services
}
