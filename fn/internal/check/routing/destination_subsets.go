package routing

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// subset checks that some DestinationRule of the host has the subset that a route names. Without it there is no cluster of
// that name, and calls fail with 503.
func (c *checker) subset(vs *virtualService, to destination, host *cluster.Host, rules []*destinationRule) {
	if to.GetSubset() == "" {
		return
	}
	known, related := c.subsetsOf(host, rules)
	if slices.Contains(known, to.GetSubset()) || c.Unread("DestinationRule") {
		return
	}
	finding := diag.Finding{
		Code: diag.UnknownSubset, Source: vs.At(diag.Join(to.field, "subset")), Related: related,
		Message: fmt.Sprintf("%s sends calls to subset %q of %q, which no DestinationRule of the host has (%s): they fail with 503",
			vs.Resource, to.GetSubset(), to.GetHost(), diag.OneOf(known)),
		Try: "add the subset to the DestinationRule, or route to one that it has",
	}
	if nearest, ok := diag.Nearest(to.GetSubset(), known); ok {
		finding.Try, finding.Proposed = "subset: "+nearest, nearest
	}
	if len(rules) == 0 && len(known) == 0 {
		finding.Severity = diag.Warning
		finding.Message = fmt.Sprintf("%s sends calls to subset %q of %q, and the build has no DestinationRule for the host: they fail with 503 unless it comes from elsewhere",
			vs.Resource, to.GetSubset(), to.GetHost())
		finding.Try = "add a DestinationRule with the subset, or remove the subset"
	} else if len(known) == 0 {
		finding.Message = fmt.Sprintf("%s sends calls to subset %q of %q, whose DestinationRule has no subsets: they fail with 503",
			vs.Resource, to.GetSubset(), to.GetHost())
	}
	c.report(finding)
}

// subsetsOf lists the subsets of a host, those of rules with a wildcard included.
func (c *checker) subsetsOf(host *cluster.Host, rules []*destinationRule) (names []string, places []diag.Source) {
	for _, rule := range rules {
		places = append(places, rule.At("spec.subsets"))
	}
	for _, wide := range c.wide {
		if cluster.Covers(wide.Spec.Host, host.Full) {
			rules = append(slices.Clip(rules), wide)
		}
	}
	for _, rule := range rules {
		for _, subset := range rule.Spec.Subsets {
			names = append(names, subset.GetName())
		}
	}
	return names, places
}
