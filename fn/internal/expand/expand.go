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
)

// Input is what a door hands over: the items of the build, and the function's own configuration if there is one.
type Input struct {
	Items  []*item.Item
	Config *item.Item
	// Place returns the annotations by which the host will know an object that is new to it. It may be nil.
	Place func(diag.Resource) map[string]string
}

// Output is the expanded build. Items is nil when the findings hold an error: there is no partial output.
type Output struct {
	Items []*item.Item
	Plan  *plan.Plan
	Spec  *spec.Spec
}

// Run expands a build. User mistakes are findings, all of them in one run as far as a stage can still see sense in its
// input; an error means that the run itself failed.
func Run(in Input) (*Output, diag.List, error) {
	out := &Output{}
	input, findings := read.Read(read.Input{Items: in.Items, Config: in.Config})
	if findings.HasErrors() {
		return out, findings.Sorted(), nil
	}
	resolved, found := resolve.Resolve(input.Documents, input.Facts)
	findings = append(findings, found...)
	out.Spec = resolved

	planned, found := plan.Build(resolved, input.Facts)
	findings = append(findings, found...)
	out.Plan = planned
	if findings.HasErrors() {
		return out, findings.Sorted(), nil
	}
	rendered, found := istio.Render(planned)
	findings = append(findings, found...)

	own, others := separate(in.Items, resolved.Meshes)
	findings = append(findings, check.Check(cluster.Input{
		Istio: resolved.Istio, Facts: input.Facts, Gateways: resolved.Gateways, Generated: rendered, Others: others,
		Earlier: findings, Rules: &resolved.Rules, Covered: resolved.Covered(),
		Stages: resolved.Stages, Egress: resolved.Egress,
	})...)
	if findings.HasErrors() {
		return out, findings.Sorted(), nil
	}
	items, err := assemble(in, own, rendered)
	out.Items = items
	return out, findings.Sorted(), err
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
