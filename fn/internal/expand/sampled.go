package expand

import (
	"slices"

	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/substitute"
)

// sampled is a finished build and the documents that it was made with, with the samples in the place of variables. What is
// wrong with the documents was said when the function ran.
func sampled(in Input, documents []*item.Item) (built, documentsToo []*item.Item) {
	all := slices.Concat(in.Items, documents)
	variables, findings := substitute.Find(all, nil, in.Samples)
	if variables == nil || findings.HasErrors() {
		return in.Items, documents
	}
	all = variables.In(all, nil, variables.Samples()).Items
	return all[:len(in.Items)], all[len(in.Items):]
}
