package routing

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// claim is a host of a VirtualService.
type claim struct {
	vs    *virtualService
	index int
}

func (c claim) host() string        { return c.vs.Spec.Hosts[c.index] }
func (c claim) place() string       { return diag.At("spec.hosts", c.index) }
func (c claim) same(o claim) bool   { return c.vs == o.vs }
func (c claim) named(o claim) bool  { return c.vs.Name == o.vs.Name && c.vs.Namespace == o.vs.Namespace }
func (c claim) source() diag.Source { return c.vs.At(c.place()) }

// meshHosts finds hosts that two VirtualServices route for callers inside the mesh. Istio uses the older of the two.
// https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services
func (c *checker) meshHosts() {
	groups := c.claimsOf(inMesh)
	for _, key := range groups.order {
		c.conflicts(groups.of[key], func(a, b claim) bool {
			return seenTogether(exported(a.vs.Spec.ExportTo, a.vs.Namespace), exported(b.vs.Spec.ExportTo, b.vs.Namespace))
		}, verdict{
			code: diag.MeshHostTaken, generated: "Istio uses only one of them",
			byHand: "callers inside the mesh get the routes of the older one only",
			keep:   "remove yours, or write manage: {VirtualService: false} for the Service to keep it",
			try:    "put the routes of both into one VirtualService, or give them disjoint exportTo",
		})
	}
}

// gatewayHosts finds hosts whose routes at a gateway come from two VirtualServices and get in each other's way. Istio
// merges the routes, so two that match different calls are fine.
func (c *checker) gatewayHosts() {
	groups := c.claimsOf(func(vs *virtualService) bool { return len(gatewaysOf(vs)) > 0 })
	for _, key := range groups.order {
		c.conflicts(groups.of[key], func(a, b claim) bool {
			if inMesh(a.vs) && inMesh(b.vs) {
				return false // Their host inside the mesh is what there is to say.
			}
			bothByHand := a.vs.ByHand() && b.vs.ByHand()
			return c.shareGateway(a, b) && (!bothByHand || overlapping(a.vs, b.vs))
		}, verdict{
			code: diag.GatewayHostTaken, generated: "Istio merges their routes in no defined order",
			byHand: "some calls match routes of both, and Istio merges them in no defined order",
			keep:   "remove yours, or the host from expose",
			try:    "put the routes of the host into one VirtualService, or let each match other calls",
		})
	}
}

// claimed is VirtualServices by the full name of a host.
type claimed struct {
	order []string
	of    map[string][]claim
}

func (c *checker) claimsOf(where func(*virtualService) bool) claimed {
	out := claimed{of: map[string][]claim{}}
	for _, vs := range c.VirtualServices {
		if !where(vs) {
			continue
		}
		for i, host := range vs.Spec.Hosts {
			key := c.meant(host, vs.Namespace)
			if out.of[key] == nil {
				out.order = append(out.order, key)
			}
			out.of[key] = append(out.of[key], claim{vs, i})
		}
	}
	return out
}

// pair is two VirtualServices that were reported already, for the first of the hosts that they share.
type pair struct {
	earlier, later *virtualService
	code           diag.Code
}

// verdict is what there is to say of two VirtualServices for one host.
type verdict struct {
	code              diag.Code
	generated, byHand string // the consequence, where one is generated and where none is
	keep, try         string
}

// conflicts reports the pairs of a host. What is generated comes from the compact spec, whose author can decide; of two
// kept by hand the later one is reported.
func (c *checker) conflicts(claims []claim, conflict func(a, b claim) bool, say verdict) {
	for i, later := range claims {
		var earlier []claim
		for _, other := range claims[:i] {
			pair := pair{other.vs, later.vs, say.code}
			switch {
			case later.same(other) || later.named(other) || passedOn(other.vs, later.vs) || c.said[pair] || !conflict(other, later):
				continue
			case other.vs.Generated != nil && later.vs.ByHand():
				c.besideGenerated(other, later, say)
			case later.vs.Generated != nil && other.vs.ByHand():
				c.besideGenerated(later, other, say)
			default:
				earlier = append(earlier, other)
			}
			c.said[pair] = true
		}
		c.twice(later, earlier, say)
	}
}

func (c *checker) besideGenerated(generated, other claim, say verdict) {
	c.report(diag.Finding{
		Code: say.code, Source: generated.source(),
		Message: fmt.Sprintf("VirtualService %q of the build has the same host %q as the generated one, and %s",
			other.vs.Name, other.host(), say.generated),
		Related: []diag.Source{other.vs.At("spec")},
		Try:     say.keep,
	})
}

func (c *checker) twice(later claim, earlier []claim, say verdict) {
	if len(earlier) == 0 {
		return
	}
	var related []diag.Source
	for _, one := range earlier {
		related = append(related, one.source())
	}
	severity := diag.Error
	if say.code == diag.GatewayHostTaken {
		severity = diag.Warning
	}
	c.report(diag.Finding{
		Code: say.code, Severity: severity, Source: later.source(),
		Message: fmt.Sprintf("%s and %s both route host %q: %s", later.vs.Resource, earlier[0].vs.Resource, later.host(), say.byHand),
		Related: related, Try: say.try,
	})
}
