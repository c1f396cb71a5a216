package calls

import (
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/check/routing"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// manyTries is how often the end of a chain may get one call before that is worth a warning.
const manyTries = 10

// countless is where counting ends.
const countless = 1_000_000

// chain is a row of dependencies, and how often its end gets a call that fails.
type chain struct {
	links []link
	tries int
}

// link is a dependency, and how often its calls are made.
type link struct {
	*edge
	times int
	most  *route // that repeats them, nil where none does
}

// multiplied finds chains along which repetitions multiply. A chain is reported from where it becomes too long, and not again
// for all who stand before it.
func (c *checker) multiplied() {
	inside := c.insideRoutes()
	var links []link
	for _, e := range c.edges {
		if e.ours() && e.to.service != nil {
			times, most := repeated(routesOf(e, inside))
			links = append(links, link{e, times, most})
		}
	}
	worst := worstChains(links)
	for _, from := range c.ends {
		if found := worst[from]; found.tooLong() && !worst[found.links[0].to].tooLong() {
			c.reportChain(found)
		}
	}
}

// tooLong reports whether several services of a chain multiply what the others repeat.
func (ch *chain) tooLong() bool {
	if ch == nil {
		return false
	}
	several := 0
	for _, one := range ch.links {
		if one.times > 1 {
			several++
		}
	}
	return several > 1 && ch.tries > manyTries
}

// worstChains finds the worst chain that begins at each end, where any does. None comes back to where it was: such calls are
// answered in a circle of another kind than repetitions make.
func worstChains(links []link) map[*end]*chain {
	worst := map[*end]*chain{}
	for grown := true; grown; {
		grown = false
		for _, first := range links {
			tries, rest := first.times, []link(nil)
			if next := worst[first.to]; next != nil && !next.visits(first.from) {
				tries, rest = min(tries*next.tries, countless), next.links
			}
			if before := worst[first.from]; tries > 1 && (before == nil || tries > before.tries) {
				worst[first.from], grown = &chain{append([]link{first}, rest...), tries}, true
			}
		}
	}
	return worst
}

func (ch *chain) visits(e *end) bool {
	return slices.ContainsFunc(ch.links, func(one link) bool { return one.to == e })
}

// repeated is how often a call may be made that the callee has worked on, by the route that repeats it most.
func repeated(routes []*route) (times int, most *route) {
	times = 1
	for _, one := range routes {
		conditions := strings.Split(one.GetRetries().GetRetryOn(), ",")
		tries := 1 + int(one.GetRetries().GetAttempts())
		if tries > times && slices.ContainsFunc(conditions, routing.MayRepeat) {
			times, most = tries, one
		}
	}
	return times, most
}

func (c *checker) reportChain(worst *chain) {
	at := worst.links[0].at
	names := []string{worst.links[0].from.written()}
	var related []diag.Source
	var because []string
	for _, one := range worst.links {
		names = append(names, one.to.written())
		if one.most != nil {
			related = append(related, one.most.at("retries", one.to))
			because = append(because, fmt.Sprintf("a call of %s to %s is made up to %d times", one.from, one.to, one.times))
		}
	}
	c.report(diag.Finding{
		Code: diag.RetriesMultiply, Severity: diag.Warning, Source: at,
		Message: fmt.Sprintf("retries multiply along %s: one call becomes up to %d at %s while it fails", strings.Join(names, " → "), worst.tries, worst.links[len(worst.links)-1].to),
		Because: because,
		Related: places(at, related...),
		Try:     "retries at one place of the chain only, and attempts: 0 or the built-in ones at the others",
	})
}
