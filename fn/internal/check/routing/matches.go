package routing

import (
	"maps"
	"slices"
	"strings"

	networking "istio.io/api/networking/v1"

	"google.golang.org/protobuf/proto"
)

// takesAll reports whether a match takes every call, or every call of a port where it names one.
func takesAll(match *networking.HTTPMatchRequest) bool {
	rest := match.DeepCopy()
	rest.Name, rest.StatPrefix, rest.Port, rest.IgnoreUriCase = "", "", 0, false
	if anyPath(rest.GetUri()) {
		rest.Uri = nil
	}
	return proto.Equal(rest, &networking.HTTPMatchRequest{})
}

// anyPath reports whether a match of paths takes every path, which begins with a slash.
func anyPath(uri *networking.StringMatch) bool {
	_, prefix := uri.GetMatchType().(*networking.StringMatch_Prefix)
	return prefix && (uri.GetPrefix() == "" || uri.GetPrefix() == "/")
}

// covers reports whether every call that the second match takes is taken by the first.
func covers(a, b *networking.HTTPMatchRequest) bool {
	return uriCovers(a, b) &&
		textCovers(a.GetScheme(), b.GetScheme()) && textCovers(a.GetMethod(), b.GetMethod()) && textCovers(a.GetAuthority(), b.GetAuthority()) &&
		(a.GetPort() == 0 || a.GetPort() == b.GetPort()) &&
		textsCover(a.GetHeaders(), b.GetHeaders()) && textsCover(a.GetQueryParams(), b.GetQueryParams()) && sameTexts(a.GetWithoutHeaders(), b.GetWithoutHeaders()) &&
		sourceCovers(a, b)
}

// source is the part that matches of every kind of route have.
type source interface {
	GetSourceLabels() map[string]string
	GetSourceNamespace() string
	GetGateways() []string
}

func sourceCovers(a, b source) bool {
	for key, value := range a.GetSourceLabels() {
		if got, ok := b.GetSourceLabels()[key]; !ok || got != value {
			return false
		}
	}
	if a.GetSourceNamespace() != "" && a.GetSourceNamespace() != b.GetSourceNamespace() {
		return false
	}
	return len(a.GetGateways()) == 0 || len(b.GetGateways()) > 0 && allIn(b.GetGateways(), a.GetGateways())
}

func allIn(some, all []string) bool {
	return !slices.ContainsFunc(some, func(one string) bool { return !slices.Contains(all, one) })
}

func uriCovers(a, b *networking.HTTPMatchRequest) bool {
	if anyPath(a.GetUri()) {
		return true
	}
	if a.GetUri() == nil || !a.GetIgnoreUriCase() && !b.GetIgnoreUriCase() {
		return textCovers(a.GetUri(), b.GetUri())
	}
	return a.GetIgnoreUriCase() && b.GetUri() != nil && textCovers(lower(a.GetUri()), lower(b.GetUri()))
}

// lower is a match of text in small letters. That of a regular expression means something else, and is left as it is.
func lower(match *networking.StringMatch) *networking.StringMatch {
	switch text := match.GetMatchType().(type) {
	case *networking.StringMatch_Exact:
		return &networking.StringMatch{MatchType: &networking.StringMatch_Exact{Exact: strings.ToLower(text.Exact)}}
	case *networking.StringMatch_Prefix:
		return &networking.StringMatch{MatchType: &networking.StringMatch_Prefix{Prefix: strings.ToLower(text.Prefix)}}
	}
	return match
}

func textCovers(a, b *networking.StringMatch) bool {
	if a.GetMatchType() == nil {
		return true // Any value. In a header it has to be there, which textsCover looks at.
	}
	prefix, isPrefix := a.GetMatchType().(*networking.StringMatch_Prefix)
	if !isPrefix {
		return proto.Equal(a, b)
	}
	switch text := b.GetMatchType().(type) {
	case *networking.StringMatch_Exact:
		return strings.HasPrefix(text.Exact, prefix.Prefix)
	case *networking.StringMatch_Prefix:
		return strings.HasPrefix(text.Prefix, prefix.Prefix)
	}
	return false
}

func textsCover(a, b map[string]*networking.StringMatch) bool {
	for key, match := range a {
		if other, ok := b[key]; !ok || !textCovers(match, other) {
			return false
		}
	}
	return true
}

func sameTexts(a, b map[string]*networking.StringMatch) bool {
	return maps.EqualFunc(a, b, func(x, y *networking.StringMatch) bool { return proto.Equal(x, y) })
}

// seenByIstio reports whether Istio's own analysis notices that the first match covers the second: it compares prefixes,
// and otherwise equal matches only.
func seenByIstio(a, b *networking.HTTPMatchRequest) bool {
	if sameMatch(a, b) {
		return true
	}
	return a.GetUri().GetPrefix() != "" && b.GetUri().GetPrefix() != a.GetUri().GetPrefix() &&
		strings.HasPrefix(b.GetUri().GetPrefix(), a.GetUri().GetPrefix()) &&
		a.GetPort() == b.GetPort() && len(a.GetHeaders()) == len(b.GetHeaders()) && len(a.GetQueryParams()) == len(b.GetQueryParams())
}

func sameMatch(a, b *networking.HTTPMatchRequest) bool {
	return proto.Equal(unnamed(a), unnamed(b))
}

func unnamed(match *networking.HTTPMatchRequest) *networking.HTTPMatchRequest {
	plain := match.DeepCopy()
	plain.Name = ""
	return plain
}

// overlapping reports whether two VirtualServices of one gateway host surely get in each other's way: both have a route for
// every call, or a match of one covers one of the other's. Istio puts the routes for every call last, so one of them beside
// routes with matches is fine.
func overlapping(a, b *virtualService) bool {
	everyA, matchesA := split(a.Spec.Http)
	everyB, matchesB := split(b.Spec.Http)
	if everyA && everyB {
		return true
	}
	for _, x := range matchesA {
		for _, y := range matchesB {
			if covers(x, y) || covers(y, x) {
				return true
			}
		}
	}
	return false
}

// split takes the routes for every call apart from the matches of the others.
func split(routes []*networking.HTTPRoute) (every bool, matches []*networking.HTTPMatchRequest) {
	for _, route := range routes {
		if len(route.GetMatch()) == 0 {
			every = true
		}
		for _, match := range route.GetMatch() {
			if takesAll(match) && match.GetPort() == 0 {
				every = true
			} else {
				matches = append(matches, match)
			}
		}
	}
	return every, matches
}
