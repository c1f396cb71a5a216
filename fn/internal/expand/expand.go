// Package expand is the pipeline: read, resolve, plan, render, check, write. It alone knows the order of the stages, and
// every door calls it.
package expand

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/internal/check"
	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/manifest"
	"github.com/meshfn/meshfn/fn/internal/plan"
	"github.com/meshfn/meshfn/fn/internal/read"
	"github.com/meshfn/meshfn/fn/internal/render/istio"
	"github.com/meshfn/meshfn/fn/internal/resolve"
	"github.com/meshfn/meshfn/fn/internal/spec"
	"github.com/meshfn/meshfn/fn/internal/substitute"
)

// Input is what a door hands over: the items of the build, and the function's own configuration if there is one.
type Input struct {
	Items  []*item.Item
	Config *item.Item
	// Place returns the annotations by which the host will know an object that is new to it. It may be nil.
	Place func(diag.Resource) map[string]string
	// Samples are what variables are taken to be, whatever the documents say.
	Samples map[string]string
}

// Output is the expanded build. Items is nil when the findings hold an error: there is no partial output.
type Output struct {
	Items []*item.Item
	Plan  *plan.Plan
	Spec  *spec.Spec

	finished *cluster.Input // what was checked in the end, nil where it did not come so far
}

// Run expands a build. User mistakes are findings, all of them in one run as far as a stage can still see sense in its
// input; an error means that the run itself failed.
func Run(in Input) (*Output, diag.List, error) {
	variables, findings := substitute.Find(in.Items, in.Config, in.Samples)
	switch {
	case findings.HasErrors():
		return &Output{}, findings.Sorted(), nil
	case variables != nil:
		return follow(in, variables, findings)
	}
	one := judge(in, nil)
	if one.findings.HasErrors() {
		return one.out, one.findings.Sorted(), nil
	}
	items, err := assemble(in, one.own, one.rendered)
	one.out.Items = items
	return one.out, one.findings.Sorted(), err
}

// judged is a build that went through all stages but the last. Rendered is nil where it did not come so far.
type judged struct {
	out      *Output
	rendered *manifest.Set
	own      map[*item.Item]bool
	findings diag.List
}

// judge does everything but to write. The names are those by which hosts are called.
func judge(in Input, names spec.HostNames) *judged {
	one := &judged{out: &Output{}}
	input, findings := read.Read(read.Input{Items: in.Items, Config: in.Config})
	input.Documents.Names = names
	unknown := unknowns{items: in.Items, generates: len(input.Documents.Meshes) > 0}
	one.findings = append(unknown.soften(findings), unknown.names(input.Facts)...)
	if one.findings.HasErrors() {
		return one
	}
	resolved, found := resolve.Resolve(input.Documents, input.Facts)
	one.findings = append(one.findings, found...)
	one.out.Spec = resolved

	planned, found := plan.Build(resolved, input.Facts)
	one.findings = append(one.findings, found...)
	one.out.Plan = planned
	if one.findings.HasErrors() {
		return one
	}
	rendered, found := istio.Render(planned)
	one.findings = append(one.findings, found...)

	own, others := separate(in.Items, resolved.Meshes)
	one.out.finished = &cluster.Input{
		Istio: resolved.Istio, Facts: input.Facts, Gateways: resolved.Gateways, Generated: rendered, Others: others,
		Earlier: one.findings, Rules: &resolved.Rules, Covered: resolved.Covered(),
		Stages: resolved.Stages, Vouched: resolved.Vouched(), Spec: resolved,
	}
	one.own, one.rendered = own, rendered
	one.findings = append(one.findings, unknown.soften(check.Check(*one.out.finished))...)
	return one
}

// assemble puts the output together: the user's items in their order, edited where they must be, and the generated ones
// where an earlier run left them or else at the end.
func assemble(in Input, own map[*item.Item]bool, rendered *manifest.Set) ([]*item.Item, error) {
	for _, edit := range rendered.Edits {
		if err := edit.Item.SetString(edit.Path, edit.Value); err != nil {
			return nil, fmt.Errorf("cannot edit %s: %w", edit.Item.Resource(), err)
		}
	}
	if err := keepLocal(in.Items); err != nil {
		return nil, err
	}
	return upsert(in, own, rendered.Objects)
}
