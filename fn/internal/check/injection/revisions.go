package injection

import (
	"fmt"
	"maps"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// revisions compares the revisions that Namespaces and pods ask for with the one of the profile. Nobody injects pods of a
// revision that is not installed, and nothing says so.
func (c *checker) revisions() {
	asked := map[string]diag.Source{} // the first place of each
	for _, namespace := range c.Facts.Namespaces {
		if revision := namespace.Labels[facts.RevisionLabel]; revision != "" {
			c.revision(revision, namespaceLabel(namespace, facts.RevisionLabel), fmt.Sprintf("Namespace %q", namespace.Name), asked)
		}
	}
	for _, pod := range c.Pods {
		if revision := pod.Workload.Labels[facts.RevisionLabel]; revision != "" && !pod.Decided() {
			c.revision(revision, labelAt(pod, facts.RevisionLabel), podsOf(pod), asked)
		}
	}
	for _, revision := range slices.Sorted(maps.Keys(asked)) {
		c.report(diag.Finding{
			Code: diag.RevisionUnknown, Severity: diag.Info, Source: asked[revision],
			Message: fmt.Sprintf("not checked: whether Istio is installed with the revision %q, without which nothing injects these pods", revision),
			Try:     "istio: {revision: " + revision + "} in the MeshProfile",
		})
	}
}

func (c *checker) revision(revision string, at diag.Source, what string, asked map[string]diag.Source) {
	known := c.Istio.Revision
	switch {
	case revision == known || c.said[at]:
	case known == "" && revision == facts.DefaultRevision:
	case known == "":
		if _, ok := asked[revision]; !ok {
			asked[revision] = at
		}
	default:
		finding := diag.Finding{
			Code: diag.RevisionUnknown, Severity: diag.Warning, Source: at,
			Message: fmt.Sprintf("label %s: %s of %s asks for another revision than the profile, which says %s", facts.RevisionLabel, revision, what, known),
			Because: []string{"nothing injects pods of a revision that is not installed, and nothing says so"},
			Try:     facts.RevisionLabel + ": " + known, Proposed: known,
		}
		c.report(finding)
	}
}
