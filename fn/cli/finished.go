package cli

import (
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/expand"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/locate"
)

// ran is what a run of the function inside a build saw and left behind.
type ran struct {
	seen   []locate.Document
	staged []expand.Staged
}

// documents are those of meshfn, which a build does not hold in the end.
func (r *ran) documents() []*item.Item {
	var documents []*item.Item
	for _, document := range r.seen {
		if one := item.New([]byte(document.Text), item.Place{}); one.Group() == v1alpha1.Group {
			documents = append(documents, one)
		}
	}
	return documents
}

// finished judges what came behind the function: a patch of an overlay, or another transformer, sees what was generated and can
// take back what was checked. Kustomize itself has no second look. Whatever the function has said already is not said again.
func (e *expanded) finished(built []*item.Item) {
	for _, run := range e.runs {
		findings := expand.Finished(expand.Input{Items: built, Samples: e.how.samples}, run.documents(), run.staged)
		if len(findings) == 0 {
			continue
		}
		seen := slices.Clone(run.seen)
		for _, it := range built {
			seen = append(seen, locate.Document{Resource: it.Resource(), Text: string(it.Raw())})
		}
		for _, finding := range locate.New(seen, items(e.documents), items(e.patches)).Findings(findings) {
			told := func(f diag.Finding) bool { return f.Code == finding.Code && f.Message == finding.Message }
			if !slices.ContainsFunc(e.findings, told) {
				e.findings = append(e.findings, finding)
			}
		}
	}
}
