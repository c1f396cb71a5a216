package substitute

import (
	"regexp"
	"strings"
)

// Names say how hosts are called where they are part of the name of an object, by the host in a run with these values. Such a
// name is the same on every cluster: shop.${DOMAIN} is called shop.domain.
func (v *Variables) Names(values Values) map[string]string {
	words := v.each(func(one *used) string {
		if one.name == escape {
			return one.sample
		}
		return strings.ToLower(strings.Trim(strings.ReplaceAll(one.name, "_", "-"), "-"))
	})
	names := map[string]string{}
	for _, value := range v.scalars {
		host, called := replace(value.text, values), replace(value.text, words)
		names[host] = called
		if inside, named := hostOf(host), hostOf(called); inside != "" && named != "" {
			names[inside] = named
		}
	}
	return names
}

var hostPart = regexp.MustCompile(`^[a-z0-9+.-]+://([^/:?#@]+)`)

// hostOf is the host of a URL, "" where a text is none.
func hostOf(text string) string {
	if parts := hostPart.FindStringSubmatch(text); parts != nil {
		return parts[1]
	}
	return ""
}
