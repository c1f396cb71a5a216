package changes

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// entrance is a host at a gateway.
type entrance struct{ gateway, host string }

// exposure tells which hosts can be reached from outside, and where they lead.
func (c *comparison) exposure() {
	before, after := c.old.entrances(), c.new.entrances()
	all := maps.Clone(before)
	maps.Copy(all, after)
	byName := func(a, b entrance) int { return cmp.Or(cmp.Compare(a.host, b.host), cmp.Compare(a.gateway, b.gateway)) }
	for _, at := range slices.SortedFunc(maps.Keys(all), byName) {
		old, now := before[at], after[at]
		if slices.Equal(old, now) {
			continue
		}
		change := Change{Effect: Exposure, Setting: "expose." + at.gateway, Old: c.leads(old), New: c.leads(now)}
		switch {
		case len(now) == 0:
			change.Text = fmt.Sprintf("is not exposed any more through %s (it led to %s)", at.gateway, change.Old)
		case len(old) == 0:
			change.Text = fmt.Sprintf("is exposed through %s from now on, and leads to %s", at.gateway, change.New)
		default:
			change.Text = fmt.Sprintf("leads to %s (it was %s), through %s", change.New, change.Old, at.gateway)
		}
		for _, service := range slices.Concat(now, old) {
			if change.At == (diag.Source{}) && change.OldAt == (diag.Source{}) {
				change = c.decided(change, service, "expose."+at.gateway+".hosts")
			}
			c.tell(service, "expose."+at.gateway+".hosts")
		}
		c.add("host "+at.host, change)
	}
}

// entrances lists the Services to which each host at a gateway leads.
func (b *build) entrances() map[entrance][]string {
	out := map[entrance][]string{}
	for _, subject := range slices.Sorted(maps.Keys(b.services)) {
		for gateway, hosts := range b.services[subject].Expose {
			for _, host := range hosts {
				at := entrance{gateway, host}
				out[at] = append(out[at], subject)
			}
		}
	}
	return out
}

func (c *comparison) leads(services []string) string {
	var list []string
	for _, service := range services {
		list = append(list, c.names.short(service))
	}
	return strings.Join(list, ", ")
}
