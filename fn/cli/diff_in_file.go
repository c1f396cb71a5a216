package cli

import (
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/locate"
)

// inFile finds where somebody wrote what a finished build has at a place. Behind a host, an object may have changed on its
// way, so its document is the best that there is.
func (e *expanded) inFile(objects []*item.Item) func(diag.Source) diag.Source {
	var seen []locate.Document
	for i := range e.runs {
		seen = append(seen, e.runs[i].seen...)
	}
	if len(e.documents) > 0 {
		for _, it := range objects {
			seen = append(seen, locate.Document{Resource: it.Resource(), Text: string(it.Raw())})
		}
	}
	index := locate.New(seen, slices.Concat(items(e.documents), e.plain), items(e.patches))
	return func(at diag.Source) diag.Source {
		located, _ := index.Source(at)
		return located
	}
}
