package krm

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/expand"
	"github.com/meshfn/meshfn/fn/internal/explain"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/locate"
)

// Report is what a run tells the program that started it inside a build, beyond what fits through the host.
type Report struct {
	Findings  diag.List         `json:"findings"`
	Documents []locate.Document `json:"documents"`
	Plan      json.RawMessage   `json:"plan,omitempty"`
	Staged    []expand.Staged   `json:"staged,omitempty"`

	Explanation *explain.Explanation `json:"explanation,omitempty"` // nil where nobody asked
	Catalog     string               `json:"catalog,omitempty"`     // the MeshCatalog of what the run saw, "" where nobody asked
}

// Asked is what a report is to hold beside what every run can tell for nothing.
type Asked struct {
	Why     *Why // nil for nothing
	Catalog bool
}

// Why asks for an explanation, which takes longer than the run itself. About tells the objects that are meant; nil for all.
type Why struct {
	About  func(diag.Resource) bool
	listed bool
}

// Listed asks for the settings and where they come from, without what they became, which takes next to no time.
func Listed() *Why { return &Why{listed: true} }

// Whole describes a run of which somebody wants to see everything that it was handed.
func Whole(items []*item.Item, findings diag.List) ([]byte, error) {
	report := Report{Findings: findings}
	for _, it := range items {
		report.Documents = append(report.Documents, document(it))
	}
	return encode(&report)
}

// NewReport describes a run, and explains it where somebody asks.
func NewReport(items []*item.Item, out *expand.Output, findings diag.List, asked Asked) ([]byte, error) {
	report := Report{Findings: findings}
	named, why := namedBy(findings), asked.Why
	if why != nil && out != nil && out.Plan != nil && !findings.HasErrors() {
		report.Explanation = Explain(out, why)
		for _, at := range report.Explanation.Places() {
			named[at.Resource] = true
		}
	}
	report.Documents = documents(items, named)
	if asked.Catalog && !findings.HasErrors() {
		catalog, err := out.Catalog()
		if err != nil {
			return nil, err
		}
		report.Catalog = string(catalog)
	}
	if out != nil && out.Plan != nil {
		text, err := json.Marshal(out.Plan)
		if err != nil {
			return nil, fmt.Errorf("cannot write the plan: %w", err)
		}
		report.Plan, report.Staged = text, out.Staged()
	}
	return encode(&report)
}

func encode(report *Report) ([]byte, error) {
	text, err := json.Marshal(report)
	if err != nil {
		return nil, fmt.Errorf("cannot write the report: %w", err)
	}
	return text, nil
}

// documents are those of ours, and those that findings point at.
func documents(items []*item.Item, named map[diag.Resource]bool) []locate.Document {
	var all []locate.Document
	for _, it := range items {
		if it.Group() == v1alpha1.Group || named[it.Resource()] {
			all = append(all, document(it))
		}
	}
	return all
}

// Explain says where everything in a run comes from.
func Explain(out *expand.Output, why *Why) *explain.Explanation {
	if why.listed {
		return explain.List(out.Spec, out.Plan)
	}
	return explain.New(out.Spec, out.Plan, explain.Renderer{Render: expand.Render, Rule: expand.Rule}, why.About)
}

// namedBy lists the objects that findings point at.
func namedBy(findings diag.List) map[diag.Resource]bool {
	named := map[diag.Resource]bool{}
	for _, finding := range findings {
		named[finding.Source.Resource] = true
		for _, related := range finding.Related {
			named[related.Resource] = true
		}
	}
	return named
}

func document(it *item.Item) locate.Document {
	out := locate.Document{Resource: it.Resource(), Text: string(it.Raw())}
	if names, ok := it.Annotation("internal.config.kubernetes.io/previousNames"); ok {
		out.PreviousNames = strings.Split(names, ",")
	}
	return out
}
