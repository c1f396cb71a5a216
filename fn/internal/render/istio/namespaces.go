package istio

import (
	"github.com/meshfn/meshfn/fn/internal/manifest"
	"github.com/meshfn/meshfn/fn/internal/plan"
)

// namespace writes the label by which every pod of a namespace gets a sidecar.
func (r *renderer) namespace(n *plan.Namespace) {
	key, value := n.Label()
	r.out.Edits = append(r.out.Edits, manifest.Edit{
		Item: n.Facts.Item, Path: []string{"metadata", "labels", key}, Value: value, From: n.From,
	})
}
