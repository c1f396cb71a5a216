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
	first := map[string][]offer{}
	for _, entry := range c.ServiceEntries {
		said := map[diag.Code]bool{}
		for i, host := range entry.Spec.Hosts {
			for j, port := range entry.Spec.Ports {
				here := offer{entry, strings.ToUpper(port.Protocol), diag.At("spec.hosts", i), diag.At("spec.ports", j) + ".protocol"}
				key := fmt.Sprintf("port %d of %s", port.Number, host)
				c.offeredBefore(first[key], here, key, said)
				first[key] = append(first[key], here)
			}
		}
	}
}

// offeredBefore reports each way in which others offer the same, once for a ServiceEntry.
func (c *checker) offeredBefore(list []offer, here offer, what string, said map[diag.Code]bool) {
	for _, before := range list {
		if before.entry == here.entry || !overlap(before.entry, here.entry) {
			continue
		}
		if finding := repeatedHost(before, here, what); !said[finding.Code] {
			said[finding.Code] = true
			c.report(finding)
		}
	}
}

func repeatedHost(before, here offer, what string) diag.Finding {
	if before.entry.ByHand() != here.entry.ByHand() {
		return besideGenerated(before, here, what)
	}
	if before.protocol != here.protocol {
		return diag.Finding{
			Code: diag.EntriesContradict, Severity: diag.Warning, Source: here.entry.At(here.field),
			Message: fmt.Sprintf("%s is %s here and %s in %s: proxies use one of the two",
				what, orTCP(here.protocol), orTCP(before.protocol), before.entry.Resource),
			Related: []diag.Source{before.entry.At(before.field)},
			Try:     orTCP(before.protocol), Proposed: orTCP(before.protocol),
		}
	}
	return diag.Finding{
		Code: diag.EntriesRepeat, Severity: diag.Warning, Source: here.entry.At(here.host),
		Message: fmt.Sprintf("%s brings %s into the mesh too, for the same callers: proxies use one of the two",
			before.entry.Resource, what),
		Related: []diag.Source{before.entry.At(before.host)},
		Try:     "one ServiceEntry for the host, or exportTo: [\".\"] in both",
	}
}

// besideGenerated is about a ServiceEntry of the user's for what a Mesh brings into the mesh too.
func besideGenerated(generated, other offer, what string) diag.Finding {
	if generated.entry.ByHand() {
		generated, other = other, generated
	}
	return diag.Finding{
		Code: diag.ExternalByHand, Source: generated.entry.At(generated.host),
		Message: fmt.Sprintf("%s of the build brings %s into the mesh too, for the same callers: proxies use one of the two", other.entry.Resource, what),
		Related: []diag.Source{other.entry.At(other.host)},
		Try:     "remove yours, or the entry of external",
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
