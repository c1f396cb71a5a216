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
	Firm  bool     // it is about a rule of the platform's, so the object at fault cannot ask not to hear of it
}

// Chapter is a group of findings about one subject.
type Chapter struct {
	Title   string
	Entries []Entry
}

// Chapters lists every kind of finding, by subject and code.
func Chapters() []Chapter {
	return []Chapter{
		{"Reading the input", slices.Concat(readingEntries(), hostEntries())},
		{"Matching names with the build", matchingEntries()},
		{"Settings that cannot hold", slices.Concat(settingEntries(), telemetrySettingEntries())},
		{"The output, and objects kept by hand", outputEntries()},
		{"Routes: VirtualServices and DestinationRules", routingEntries()},
		{"Ways in: Gateways and the Gateway API", gatewayEntries()},
		{"Services, their ports and their pods", serviceEntries()},
		{"Injection: labels and annotations", injectionEntries()},
		{"Policies: authentication and authorization", policyEntries()},
		{"Scope: ServiceEntries, Sidecars, and who sees what", scopeEntries()},
		{"Telemetry, EnvoyFilters and other extensions", extensionEntries()},
		{"Rollout stages", rolloutEntries()},
		{"Rules of the platform", profileEntries()},
		{"Who calls whom", slices.Concat(callEntries(), scopeCallEntries(), accessEntries(), catalogEntries(), agreeEntries())},
		{"Tokens and authorizers", slices.Concat(authEntries(), gatewayAuthEntries())},
		{"Hosts outside the mesh", slices.Concat(externalEntries(), externalBesideEntries())},
		{"On the way from one build to another", slices.Concat(transitionEntries(), transitionObjectEntries())},
		{"Variables that are filled in after the build", substitutionEntries()},
	}
}

// Catalogue lists every kind of finding by its code.
func Catalogue() []Entry {
	var all []Entry
	for _, chapter := range Chapters() {
		all = append(all, chapter.Entries...)
	}
	return all
}

// Directory finds what is known of a code. It holds the whole catalogue, so one is enough for all findings of a run.
type Directory map[Code]Entry

// NewDirectory makes a directory of the catalogue.
func NewDirectory() Directory {
	all := Directory{}
	for _, entry := range Catalogue() {
		all[entry.Code] = entry
	}
	return all
}

// withAlso is the code with those of other tools behind it: MF0309 IST0106.
func (d Directory) withAlso(code Code) string {
	return strings.Join(append([]string{string(code)}, d[code].Also...), " ")
}

// Home is where the project lives.
const Home = "https://github.com/meshfn/meshfn"

// Help is where a code is explained.
func (c Code) Help() string {
	return Home + "/blob/main/docs/findings.md#" + strings.ToLower(string(c))
}
