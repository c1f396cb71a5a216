package routing

import (
	"fmt"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// rule is one route of a VirtualService with its matches, whatever its kind.
type rule struct {
	field   string
	matches []any // *HTTPMatchRequest, *TLSMatchAttributes or *L4MatchAttributes
}

// unreachable finds routes and matches that no call reaches, because an earlier one takes it first.
func (c *checker) unreachable() {
	for _, vs := range c.VirtualServices {
		for _, rules := range rulesOf(vs.Spec) {
			c.order(vs, rules)
		}
	}
}

// rulesOf lists the routes of each kind in their order. Istio tries those of one kind one after the other.
func rulesOf(spec *networking.VirtualService) [][]rule {
	var http, tls, tcp []rule
	for i, route := range spec.Http {
		http = append(http, rule{diag.At("spec.http", i), anyOf(route.GetMatch())})
	}
	for i, route := range spec.Tls {
		tls = append(tls, rule{diag.At("spec.tls", i), anyOf(route.GetMatch())})
	}
	for i, route := range spec.Tcp {
		tcp = append(tcp, rule{diag.At("spec.tcp", i), anyOf(route.GetMatch())})
	}
	return [][]rule{http, tls, tcp}
}

func anyOf[T any](list []T) []any {
	out := make([]any, 0, len(list))
	for _, one := range list {
		out = append(out, one)
	}
	return out
}

func (c *checker) order(vs *virtualService, rules []rule) {
	for i, later := range rules {
		if every := firstForAll(rules[:i]); every >= 0 {
			c.report(diag.Finding{
				Code: diag.UnreachableRoute, Severity: diag.Warning, Source: vs.At(later.field),
				Message: fmt.Sprintf("no call reaches %s of %s, because %s before it has no match and takes them all", later.field, vs.Resource, rules[every].field),
				Related: []diag.Source{vs.At(rules[every].field)},
				Try:     "move the route without a match to the end",
			})
			continue
		}
		taken := takenMatches(rules[:i], later)
		if len(taken) > 0 && len(taken) == len(later.matches) && allEqual(taken) {
			c.report(diag.Finding{
				Code: diag.UnreachableRoute, Severity: diag.Warning, Source: vs.At(later.field),
				Message: fmt.Sprintf("no call reaches %s of %s, because earlier routes have the same matches", later.field, vs.Resource),
				Related: []diag.Source{vs.At(taken[0].by)},
				Try:     "remove the route, or change its matches",
			})
			continue
		}
		for _, one := range append(taken, repeatedIn(later)...) {
			c.taken(vs, one)
		}
	}
}

func firstForAll(rules []rule) int {
	for i, one := range rules {
		if len(one.matches) == 0 {
			return i
		}
	}
	return -1
}

// taken is a match whose calls an earlier one takes.
type taken struct {
	field, by   string
	equal, seen bool // seen: Istio's own analysis notices it too
	harmless    bool // because the call takes the same route either way
}

func takenMatches(before []rule, later rule) []taken {
	var all []taken
	for n, match := range later.matches {
		if one, ok := takenBy(before, match); ok {
			one.field = diag.At(later.field+".match", n)
			all = append(all, one)
		}
	}
	return all
}

// repeatedIn finds matches of one route that another of its matches covers. They are of no use and do no harm.
func repeatedIn(one rule) []taken {
	var all []taken
	for n := range one.matches {
		before := []rule{{one.field, one.matches[:n]}}
		if found, ok := takenBy(before, one.matches[n]); ok && found.seen {
			found.field, found.harmless = diag.At(one.field+".match", n), true
			all = append(all, found)
		}
	}
	return all
}

func takenBy(before []rule, match any) (taken, bool) {
	for _, earlier := range before {
		for m, other := range earlier.matches {
			if equal, covers, seen := compareMatches(other, match); covers {
				return taken{by: diag.At(earlier.field+".match", m), equal: equal, seen: seen}, true
			}
		}
	}
	return taken{}, false
}

func compareMatches(a, b any) (equal, covering, seen bool) {
	switch first := a.(type) {
	case *networking.HTTPMatchRequest:
		second, _ := b.(*networking.HTTPMatchRequest)
		return sameMatch(first, second), covers(first, second), seenByIstio(first, second)
	case *networking.TLSMatchAttributes:
		second, _ := b.(*networking.TLSMatchAttributes)
		return sameStream(first, second), coversTLS(first, second), sameStream(first, second)
	case *networking.L4MatchAttributes:
		second, _ := b.(*networking.L4MatchAttributes)
		return sameStream(first, second), coversTCP(first, second), sameStream(first, second)
	}
	return false, false, false
}

func allEqual(all []taken) bool {
	for _, one := range all {
		if !one.equal {
			return false
		}
	}
	return true
}

func (c *checker) taken(vs *virtualService, one taken) {
	code := diag.HiddenMatch
	if one.seen {
		code = diag.TakenMatch
	}
	what := "covers all that it takes"
	if one.equal {
		what = "is the same"
	}
	severity := diag.Warning
	if one.harmless {
		severity = diag.Info
	}
	c.report(diag.Finding{
		Code: code, Severity: severity, Source: vs.At(one.field),
		Message: fmt.Sprintf("no call takes %s of %s, because %s before it %s", one.field, vs.Resource, one.by, what),
		Related: []diag.Source{vs.At(one.by)},
		Try:     "move the narrower match before the wider one, or remove it",
	})
}
