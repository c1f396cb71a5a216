package diag

import (
	"slices"
	"strings"
)

// Entry describes a kind of finding, for the reference and for tools that show findings beside their meaning.
type Entry struct {
	Code  Code
	Title string   // a few words
	Text  string   // what it means, and what happens in the mesh if nothing is done
	Also  []string // the codes of istioctl analyze (IST) and Kiali (KIA) for the same problem
	See   []string // where Istio or Kubernetes says so
}

// Catalogue lists every kind of finding by its code.
func Catalogue() []Entry {
	return slices.Concat(
		readingEntries(), matchingEntries(), settingEntries(), outputEntries(), routingEntries(), gatewayEntries(),
		serviceEntries(), injectionEntries(), policyEntries(), scopeEntries(), extensionEntries(),
	)
}

// Also returns the codes that istioctl analyze and Kiali have for the same problem.
func (c Code) Also() []string {
	entry, _ := Lookup(c)
	return entry.Also
}

// WithAlso is the code with those of other tools behind it: MF0309 IST0106.
func (c Code) WithAlso() string { return strings.Join(append([]string{string(c)}, c.Also()...), " ") }

// Lookup returns what is known of a code.
func Lookup(code Code) (Entry, bool) {
	for _, entry := range Catalogue() {
		if entry.Code == code {
			return entry, true
		}
	}
	return Entry{}, false
}

// Home is where the project lives.
const Home = "https://github.com/meshfn/meshfn"

// Help is where a code is explained.
func (c Code) Help() string {
	return Home + "/blob/main/docs/findings.md#" + strings.ToLower(string(c))
}
