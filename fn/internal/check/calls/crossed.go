package calls

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// crossed finds services whose callers give up before they do themselves: each of their routes has a timeout, and the longest
// is shorter than the shortest of what the service depends on.
func (c *checker) crossed() {
	inside, leading := c.insideRoutes(), c.leadingRoutes()
	said := map[pair]bool{}
	for _, e := range c.edges {
		if !e.ours() || e.from.service == nil || e.to.service == nil || said[pair{e.from, e.to}] {
			continue
		}
		outer, inner := longest(leading[e.from.service]), shortest(routesOf(e, inside))
		if outer == nil || inner == nil || outer.wait() >= inner.wait() {
			continue
		}
		said[pair{e.from, e.to}] = true
		outerAt, innerAt := outer.at("timeout", e.from), inner.at("timeout", e.to)
		c.report(diag.Finding{
			Code: diag.TimeoutsCross, Severity: diag.Warning, Source: e.at,
			Message: fmt.Sprintf("callers of %s wait for %s, and it waits for %s itself when it calls %s", e.from, outer.wait(), inner.wait(), e.to),
			Related: places(e.at, outerAt, innerAt),
			Try:     fmt.Sprintf("a timeout of %s above %s, or one of %s below %s", e.from.written(), inner.wait(), e.to.written(), outer.wait()),
		})
	}
}

// longest is the route whose callers wait longest, nil where some wait as long as it takes.
func longest(routes []*route) (most *route) {
	for _, one := range routes {
		if one.wait() == 0 {
			return nil
		}
		if most == nil || one.wait() > most.wait() {
			most = one
		}
	}
	return most
}

// shortest is the route whose callers wait for the shortest time, nil where one of them waits as long as it takes: which one
// the calls take is not known.
func shortest(routes []*route) (least *route) {
	for _, one := range routes {
		if one.wait() == 0 {
			return nil
		}
		if least == nil || one.wait() < least.wait() {
			least = one
		}
	}
	return least
}
