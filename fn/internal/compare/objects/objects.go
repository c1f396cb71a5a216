// Package objects compares what two builds would apply, object by object.
package objects

import (
	"cmp"
	"slices"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/meshfn/meshfn/fn/internal/compare/side"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// What happens to an object.
const (
	Added   = "added"
	Changed = "changed"
	Removed = "removed"
)

// Object is an object that is not the same in both builds.
type Object struct {
	Resource diag.Resource `json:"object"`
	What     string        `json:"what"`
	Diff     string        `json:"diff"` // unified, of the YAML
}

// Of lists the objects that differ, by kind and name.
func Of(from, to *side.Side) []Object {
	before, after := byResource(from.Objects), byResource(to.Objects)
	var out []Object
	for resource, old := range before {
		now, ok := after[resource]
		switch {
		case !ok:
			out = append(out, Object{resource, Removed, unified(resource, old.Raw(), nil)})
		case string(old.Raw()) != string(now.Raw()):
			out = append(out, Object{resource, Changed, unified(resource, old.Raw(), now.Raw())})
		}
	}
	for resource, now := range after {
		if before[resource] == nil {
			out = append(out, Object{resource, Added, unified(resource, nil, now.Raw())})
		}
	}
	slices.SortFunc(out, func(a, b Object) int {
		return cmp.Or(cmp.Compare(a.Resource.String(), b.Resource.String()), cmp.Compare(a.Resource.APIVersion, b.Resource.APIVersion))
	})
	return out
}

func byResource(items []*item.Item) map[diag.Resource]*item.Item {
	out := make(map[diag.Resource]*item.Item, len(items))
	for _, it := range items {
		out[it.Resource()] = it
	}
	return out
}

func unified(resource diag.Resource, old, now []byte) string {
	name := resource.String()
	return string(diff.Diff("old "+name, old, "new "+name, now))
}
