package transition

import (
	"fmt"
	"strings"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// paths finds paths of a host for which NEW has no route at the same gateway.
func (c *checker) paths(was *served, after []*served, said map[[2]string]bool) {
	var routes []*networking.HTTPRoute
	var at *served
	for _, is := range after {
		if is.takes(was.host) && is.samePods(was) && is.port() == was.port() {
			routes, at = append(routes, is.vs.Spec.GetHttp()...), is
		}
	}
	for _, route := range was.vs.Spec.GetHttp() {
		for _, uri := range urisOf(route) {
			key := [2]string{was.host, was.selector + " path " + uri.String()}
			if said[key] || answered(routes, uri) {
				continue
			}
			said[key] = true
			c.report(diag.Finding{
				Code: diag.PathGone, Severity: diag.Warning, Source: servedAt(c, at, false),
				Message: fmt.Sprintf("%s no longer answers %s: clients get 404", was.host, uriText(uri)),
				Related: []diag.Source{written(c.from, was.vs.Meta, "spec.http", "", "expose")},
				Try:     "a redirect to where it is now, or nothing if nobody calls it any more",
			})
		}
	}
}

// urisOf are the paths that a route takes; one without conditions takes every path.
func urisOf(route *networking.HTTPRoute) []*networking.StringMatch {
	every := &networking.StringMatch{MatchType: &networking.StringMatch_Prefix{Prefix: "/"}}
	if len(route.GetMatch()) == 0 {
		return []*networking.StringMatch{every}
	}
	var out []*networking.StringMatch
	for _, match := range route.GetMatch() {
		if uri := match.GetUri(); uri != nil {
			out = append(out, uri)
		} else {
			out = append(out, every)
		}
	}
	return out
}

// answered reports whether some route may take a path. What a regular expression takes is not worked out.
func answered(routes []*networking.HTTPRoute, uri *networking.StringMatch) bool {
	for _, route := range routes {
		for _, by := range urisOf(route) {
			if route.GetDelegate() != nil || covers(by, uri) {
				return true
			}
		}
	}
	return false
}

func covers(by, uri *networking.StringMatch) bool {
	if by.GetRegex() != "" || uri.GetRegex() != "" {
		return by.GetRegex() == uri.GetRegex() || by.GetRegex() != "" || by.GetPrefix() == "/"
	}
	if by.GetExact() != "" {
		return by.GetExact() == uri.GetExact()
	}
	return strings.HasPrefix(uri.GetExact()+uri.GetPrefix(), by.GetPrefix())
}

func uriText(uri *networking.StringMatch) string {
	switch {
	case uri.GetExact() != "":
		return uri.GetExact()
	case uri.GetRegex() != "":
		return uri.GetRegex()
	case uri.GetPrefix() == "/":
		return "every path"
	}
	return uri.GetPrefix() + " and what is below it"
}
