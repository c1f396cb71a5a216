package scope

import (
	"fmt"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// offer is a port that a ServiceEntry has for a host.
type offer struct {
	entry    *serviceEntry
	protocol string
	host     string // place of the host
	field    string // place of the port
}

// repeatedHosts finds ServiceEntries that bring the same port of the same host to the same callers.
func (c *checker) repeatedHosts() {
	type key struct {
		host string
		port uint32
	}
	first := map[key][]offer{}
	for _, entry := range c.ServiceEntries {
		said := map[diag.Code]bool{}
		for i, host := range entry.Spec.Hosts {
			for j, port := range entry.Spec.Ports {
				here := offer{entry, strings.ToUpper(port.Protocol), diag.At("spec.hosts", i), diag.At("spec.ports", j) + ".protocol"}
				for _, before := range first[key{host, port.Number}] {
					if before.entry == entry || !overlap(before.entry, entry) {
						continue
					}
					if finding := repeatedHost(before, here, host, port.Number); !said[finding.Code] {
						said[finding.Code] = true
						c.report(finding)
					}
				}
				first[key{host, port.Number}] = append(first[key{host, port.Number}], here)
			}
		}
	}
}

func repeatedHost(before, here offer, host string, port uint32) diag.Finding {
	if before.protocol != here.protocol {
		return diag.Finding{
			Code: diag.EntriesContradict, Severity: diag.Warning, Source: here.entry.At(here.field),
			Message: fmt.Sprintf("port %d of %s is %s here and %s in %s: proxies use one of the two",
				port, host, orTCP(here.protocol), orTCP(before.protocol), before.entry.Resource),
			Related: []diag.Source{before.entry.At(before.field)},
			Try:     orTCP(before.protocol), Proposed: orTCP(before.protocol),
		}
	}
	return diag.Finding{
		Code: diag.EntriesRepeat, Severity: diag.Warning, Source: here.entry.At(here.host),
		Message: fmt.Sprintf("%s brings port %d of %s into the mesh too, for the same callers: proxies use one of the two",
			before.entry.Resource, port, host),
		Related: []diag.Source{before.entry.At(before.host)},
		Try:     "one ServiceEntry for the host, or exportTo: [\".\"] in both",
	}
}

func orTCP(protocol string) string {
	if protocol == "" {
		return "TCP"
	}
	return protocol
}

// overlap reports whether some namespace sees both.
func overlap(a, b *serviceEntry) bool {
	return cluster.Visible(a.Spec.ExportTo, a.Namespace).Meets(cluster.Visible(b.Spec.ExportTo, b.Namespace))
}
