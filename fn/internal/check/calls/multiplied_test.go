package calls

import (
	"strings"
	"testing"
)

// TestWorstChains finds the chain along which tries multiply most, and none that comes back to where it was.
func TestWorstChains(t *testing.T) {
	ends := map[string]*end{}
	node := func(name string) *end {
		if ends[name] == nil {
			ends[name] = &end{kind: "Service", name: name}
		}
		return ends[name]
	}
	var links []link
	for _, one := range []struct {
		from, to string
		times    int
	}{
		{"site", "web", 1},
		{"web", "cart", 3},
		{"cart", "stock", 4},
		{"cart", "web", 1},
		{"stock", "log", 1},
		{"a", "b", 2},
		{"b", "c", 2},
		{"c", "a", 2},
		{"c", "end", 5},
		{"alone", "end", 11},
		{"calm", "log", 1},
	} {
		links = append(links, link{edge: &edge{from: node(one.from), to: node(one.to)}, times: one.times})
	}
	worst := worstChains(links)
	for from, want := range map[string]struct {
		chain   string
		tries   int
		tooLong bool
	}{
		"site":  {"web cart stock", 12, true},
		"web":   {"cart stock", 12, true},
		"cart":  {"stock", 4, false},
		"a":     {"b c end", 20, true},
		"b":     {"c end", 10, false},
		"c":     {"end", 5, false},
		"alone": {"end", 11, false},
	} {
		found := worst[node(from)]
		var names []string
		for _, one := range found.links {
			names = append(names, one.to.name)
		}
		if chain := strings.Join(names, " "); chain != want.chain || found.tries != want.tries || found.tooLong() != want.tooLong {
			t.Errorf("from %s: %s with %d tries, too long: %t; want %+v", from, chain, found.tries, found.tooLong(), want)
		}
	}
	for _, from := range []string{"calm", "stock", "log"} {
		if found := worst[node(from)]; found != nil {
			t.Errorf("from %s: %+v, want nothing", from, found)
		}
	}
}
