package propose

import (
	"iter"
	"maps"
	"regexp"
	"slices"
	"strings"
)

var (
	wordsOf  = regexp.MustCompile(`[A-Z]?[a-z]+|[A-Z]+|[0-9]+`)
	humpedIn = regexp.MustCompile(`([A-Z])([A-Z][a-z])`) // DBHost
)

// nameWords takes the name of a variable, flag or key apart: REDIS_ADDR, redisAddr and --redis-addr are all redis, addr. A
// number at the end says nothing.
func nameWords(name string) []string {
	words := wordsOf.FindAllString(humpedIn.ReplaceAllString(name, "${1}_$2"), -1)
	for len(words) > 1 && number.MatchString(words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	for i := range words {
		words[i] = strings.TrimRight(strings.ToLower(words[i]), "0123456789")
	}
	return words
}

// lastWord cuts a name before its last word.
func lastWord(name string) (stem, last string) {
	found := wordsOf.FindAllStringIndex(name, -1)
	if len(found) == 0 {
		return name, ""
	}
	at := found[len(found)-1][0]
	return name[:at], name[at:]
}

// addressLike reports whether a name says that its value is an address, so that a mere word such as cart is one.
func addressLike(name string) bool {
	words := nameWords(name)
	return len(words) > 0 && slices.Contains([]string{
		"host", "hosts", "hostname", "hostport", "addr", "addrs", "address", "addresses", "url", "urls", "uri", "uris", "dsn",
		"endpoint", "endpoints", "service", "services", "svc", "server", "servers", "broker", "brokers", "bootstrap", "upstream",
		"upstreams", "backend", "backends", "target", "targets", "nodes", "peers", "seeds", "sentinels", "proxy",
	}, words[len(words)-1])
}

// shownOnly reports whether a name says that its value is shown to people, or is what somebody else calls: links, images, and
// where the application itself is reached.
func shownOnly(name string) bool {
	about := []string{
		"doc", "docs", "documentation", "help", "support", "homepage", "website", "link", "links", "image", "images", "logo", "icon",
		"avatar", "license", "terms", "privacy", "schema", "xmlns", "public", "callback", "redirect", "origin", "origins", "cors",
		"listen", "bind", "self", "referer", "repository",
	}
	return slices.ContainsFunc(nameWords(name), func(w string) bool { return slices.Contains(about, w) })
}

// confidential reports whether a name says that its value is for nobody's eyes.
func confidential(name string) bool {
	if addressLike(name) {
		return false
	}
	about := []string{"password", "passwd", "pass", "secret", "token", "credential", "credentials", "apikey", "key"}
	return slices.ContainsFunc(nameWords(name), func(w string) bool { return slices.Contains(about, w) })
}

func keys[V any](m map[string]V) iter.Seq[string] { return maps.Keys(m) }
