package propose

import (
	"slices"
	"strings"
)

// causes are the places that something was found in.
type causes struct{ list []cause }

type cause struct {
	workload string // Kind/name, "" where it is no workload's
	file     string
	source   string // env, args, ConfigMap/settings, NetworkPolicy/web
	name     string // of the variable, flag or file, "" for none
}

func (c *causes) add(one cause) {
	if !slices.Contains(c.list, one) {
		c.list = append(c.list, one)
	}
}

func addCause(to map[string]*causes, what string, one cause) {
	if to[what] == nil {
		to[what] = &causes{}
	}
	to[what].add(one)
}

// String is a place for people: Deployment/cart env REDIS_ADDR.
func (c cause) String() string {
	out := c.source
	if c.workload != "" {
		out = c.workload + " " + out
	}
	if c.name != "" {
		out += " " + c.name
	}
	return out
}

// String groups places by workload and source: Deployment/cart env REDIS_HOST, STOCK_URL (cart.yaml).
func (c *causes) String() string {
	type place struct{ workload, file string }
	var places []place
	sources, names := map[place][]string{}, map[cause][]string{}
	for _, one := range c.list {
		at, key := place{one.workload, one.file}, cause{one.workload, one.file, one.source, ""}
		if !slices.Contains(places, at) {
			places = append(places, at)
		}
		addName(sources, at, one.source)
		addName(names, key, one.name)
	}
	var out []string
	for _, at := range places {
		var parts []string
		for _, source := range sources[at] {
			shown := slices.DeleteFunc(names[cause{at.workload, at.file, source, ""}], func(n string) bool { return n == "" })
			parts = append(parts, strings.TrimSpace(source+" "+strings.Join(shown, ", ")))
		}
		text := strings.TrimSpace(at.workload + " " + strings.Join(parts, "; "))
		if at.file != "" {
			text += " (" + at.file + ")"
		}
		out = append(out, text)
	}
	return strings.Join(out, "; ")
}

func addName[K comparable](to map[K][]string, key K, what string) {
	if !slices.Contains(to[key], what) {
		to[key] = append(to[key], what)
	}
}
