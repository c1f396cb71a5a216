package expand

import (
	"cmp"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/check"
	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/manifest"
	"github.com/meshfn/meshfn/fn/internal/read"
	"github.com/meshfn/meshfn/fn/internal/resolve"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Staged is a workload as a run left it.
type Staged = spec.Staged

// Staged lists the workloads of a build with their stages, sorted, where some of them are to refuse plain text.
func (o *Output) Staged() []Staged {
	if o.Spec == nil || o.Plan == nil {
		return nil
	}
	injected := map[diag.Resource]bool{}
	for i := range o.Plan.Pods {
		injected[o.Plan.Pods[i].Workload.Item.Resource()] = o.Plan.Pods[i].Sidecar.V
	}
	var all []Staged
	some, covered := false, o.Spec.Covered()
	for workload, stage := range o.Spec.Stages.Pods {
		if _, guarded := o.Spec.Stages.Guarded(workload); workload.Name != "" {
			resource := workload.Item.Resource()
			all = append(all, Staged{Resource: resource, Stage: stage, Covered: covered[workload], Injected: injected[resource]})
			some = some || guarded
		}
	}
	if !some {
		return nil
	}
	slices.SortFunc(all, func(a, b Staged) int { return cmp.Compare(a.Resource.String(), b.Resource.String()) })
	return all
}

// Finished looks once more at a build after whatever came behind the function: a patch of an overlay, or another transformer.
// It says what does not refuse plain text any more. The documents are those that the function saw, which are not applied.
func Finished(in Input, documents []*item.Item, before []Staged) diag.List {
	if len(before) == 0 {
		return nil
	}
	built, documents := sampled(in, documents)
	input, findings := read.Read(read.Input{Items: slices.Concat(built, documents)})
	if findings.HasErrors() {
		return findings // What cannot be read cannot be judged either.
	}
	resolved, _ := resolve.Resolve(input.Documents, input.Facts)
	stages, covered := resolved.Stages.Of(input.Facts.Workloads, before)
	return check.Guard(cluster.Input{
		Istio: resolved.Istio, Facts: input.Facts, Gateways: resolved.Gateways, Generated: &manifest.Set{}, Others: built,
		Rules: &resolved.Rules, Covered: covered, Stages: stages,
	})
}
