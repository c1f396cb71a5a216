package changes

import (
	"slices"

	"github.com/meshfn/meshfn/fn/internal/compare/objects"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// placeByHand adds where an object of somebody's own is written, at the first field that changes. Several objects that change
// alike are one change, which has no place.
func (c *comparison) placeByHand(all []Change, differ []objects.Object) {
	for i := range all {
		change := &all[i]
		if change.Effect != ByHand || len(change.Subjects) != 1 {
			continue
		}
		in := c.new
		if change.New == "" {
			in = c.old
		}
		name, field := change.Subjects[0].Name, "kind"
		is := func(o objects.Object) bool { return o.Resource.String() == name && len(o.Fields) > 0 }
		if at := slices.IndexFunc(differ, is); at >= 0 {
			field = differ[at].Fields[0].Field
		}
		if it := in.object(name); it != nil {
			if at := in.Located(it.Source(field)); at.Line > 0 {
				change.At = at
			}
		}
	}
}

// object is the object of a name, where there is one.
func (b *build) object(name string) *item.Item {
	is := func(it *item.Item) bool { return it.Resource().String() == name }
	if at := slices.IndexFunc(b.Objects, is); at >= 0 {
		return b.Objects[at]
	}
	return nil
}
