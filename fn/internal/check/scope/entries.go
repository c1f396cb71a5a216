package scope

import (
	"fmt"
	"slices"
	"strings"

	networking "istio.io/api/networking/v1"
	"istio.io/istio/pilot/pkg/networking/serviceentry"
	"istio.io/istio/pkg/config"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// entries checks each ServiceEntry by itself.
// https://istio.io/latest/docs/reference/config/networking/service-entry/
func (c *checker) entries() {
	for _, entry := range c.ServiceEntries {
		c.addresses(entry)
		c.shadows(entry)
		spec := entry.Spec
		selector := spec.GetWorkloadSelector().GetLabels()
		if spec.Resolution == networking.ServiceEntry_STATIC && len(spec.Endpoints) == 0 && spec.WorkloadSelector == nil {
			c.report(diag.Finding{
				Code: diag.EntryWithoutEndpoints, Source: entry.At("spec.resolution"),
				Message: "resolution STATIC needs endpoints or a workloadSelector; without them, every call gets status 503",
				Try:     "endpoints: [{address: 192.0.2.1}], or resolution: DNS for a host that DNS knows",
			})
		}
		if len(selector) == 0 {
			continue
		}
		list := c.workloads(entry.Namespace)
		if len(list.Selected(selector)) == 0 {
			c.report(unselected(entry.Meta, "spec.workloadSelector.labels", selector, list.All, diag.EntryUnselected))
		}
	}
}

// addresses finds TCP ports that take every connection to their number, because nothing else tells what a connection is
// for. Istio gives other ServiceEntries an address of their own.
// https://istio.io/latest/docs/ops/configuration/traffic-management/dns-proxy/#address-auto-allocation
func (c *checker) addresses(entry *serviceEntry) {
	if len(entry.Spec.Addresses) > 0 || allocated(entry) {
		return
	}
	for i, port := range entry.Spec.Ports {
		if !opaque(port) {
			continue
		}
		c.report(diag.Finding{
			Code: diag.EntryNeedsAddresses, Severity: diag.Warning, Source: entry.At(diag.At("spec.ports", i)),
			Message: fmt.Sprintf("every TCP connection to port %d is taken for one to %s: there are no addresses, and Istio allocates none here",
				port.Number, diag.OneOf(entry.Spec.Hosts)),
			Because: []string{"addresses are allocated unless the resolution is NONE or the label networking.istio.io/enable-autoallocate-ip is false"},
			Try:     "addresses with what the host resolves to, or protocol: TLS where connections name their host",
		})
		return
	}
}

func allocated(entry *serviceEntry) bool {
	return serviceentry.ShouldV2AutoAllocateIPFromConfig(config.Config{Meta: config.Meta{Labels: entry.Labels}, Spec: entry.Spec})
}

// opaque reports whether only addresses tell connections of a port apart.
func opaque(port *networking.ServicePort) bool {
	return port.Protocol == "" || strings.EqualFold(port.Protocol, "TCP")
}

// shadows finds a ServiceEntry for the host of a Service. Since Istio 1.30 the Service is preferred.
func (c *checker) shadows(entry *serviceEntry) {
	for i, host := range entry.Spec.Hosts {
		service := c.Resolve(host, "").Service
		if service == nil || !strings.Contains(host, ".") {
			continue
		}
		c.report(diag.Finding{
			Code: diag.EntryShadowsService, Severity: diag.Warning, Source: entry.At(diag.At("spec.hosts", i)),
			Message: fmt.Sprintf("%s is Service %q of the build, and Istio does not merge the two: callers have one or the other", host, service.Name),
			Related: []diag.Source{service.Source("metadata.name")},
			Try:     "remove the host, or give the ServiceEntry one of its own",
		})
	}
}

// commonPorts says where ServiceEntries can only be told apart by addresses that Istio allocates. A proxy has these only
// if it answers the DNS queries of its pod.
// https://istio.io/latest/docs/ops/configuration/traffic-management/dns-proxy/
func (c *checker) commonPorts() {
	type use struct {
		entry *serviceEntry
		field string
	}
	first := map[uint32][]use{}
	for _, entry := range c.ServiceEntries {
		if len(entry.Spec.Addresses) > 0 || !allocated(entry) {
			continue
		}
		for i, port := range entry.Spec.Ports {
			if !opaque(port) {
				continue
			}
			at := slices.IndexFunc(first[port.Number], func(before use) bool { return overlap(before.entry, entry) })
			here := use{entry, diag.At("spec.ports", i)}
			if at >= 0 && (entry.ByHand() || first[port.Number][at].entry.ByHand()) { // Of generated ones the plan knows more.
				before := first[port.Number][at]
				c.report(diag.Finding{
					Code: diag.EntriesNeedCapture, Severity: diag.Info, Source: entry.At(here.field),
					Message: fmt.Sprintf("not checked: whether proxies tell TCP connections to port %d for %s from those for %s; they do only with DNS capture",
						port.Number, diag.OneOf(entry.Spec.Hosts), diag.OneOf(before.entry.Spec.Hosts)),
					Related: []diag.Source{before.entry.At(before.field)},
					Try:     "addresses in both, or proxyMetadata ISTIO_META_DNS_CAPTURE: \"true\" in the mesh configuration",
				})
			}
			first[port.Number] = append(first[port.Number], here)
		}
	}
}
