// Package objects compares what two builds would apply, object by object.
package objects

import (
	"cmp"
	"maps"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/compare/fields"
	"github.com/meshfn/meshfn/fn/internal/compare/side"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// What happens to an object.
const (
	Added   = "added"
	Changed = "changed"
	Removed = "removed"
)

// Object is an object that is not the same in both builds. It is the same object by group, kind, namespace and name, so that
// another version of the API is a change of it.
type Object struct {
	Resource diag.Resource `json:"object"`          // as in the new build; where it is removed, as in the old one
	What     string        `json:"what"`            // added, changed or removed
	Lines    Lines         `json:"lines"`           // how many lines of the diff come and go
	Diff     string        `json:"diff"`            // unified, of the YAML with sorted keys; what is in a Secret is hidden
	ByHand   bool          `json:"byHand,omitzero"` // an object of Istio's that no Mesh generates, in one of the builds at least

	Fields []fields.Difference `json:"fields,omitempty"` // of a changed object, those that are different
}

// Lines counts the lines of a diff.
type Lines struct {
	Added   int `json:"added"`
	Removed int `json:"removed"`
}

// Of lists the objects that differ, by kind and name, and those that mean the same and are only written in another way.
func Of(from, to *side.Side) (differ []Object, rewritten []diag.Resource) {
	before, after := byIdentity(from.Objects), byIdentity(to.Objects)
	for _, key := range slices.SortedFunc(maps.Keys(union(before, after)), identity.compare) {
		for _, p := range pairs(before[key], after[key]) {
			object, same := p.compare()
			switch {
			case !same:
				differ = append(differ, object)
			case p.from != nil && p.to != nil && string(p.from.Raw()) != string(p.to.Raw()):
				rewritten = append(rewritten, p.to.Resource())
			}
		}
	}
	return differ, rewritten
}

// identity is what makes an object the same one for a cluster.
type identity struct{ group, kind, namespace, name string }

func (i identity) compare(j identity) int {
	return cmp.Or(
		cmp.Compare(i.kind, j.kind), cmp.Compare(i.namespace, j.namespace), cmp.Compare(i.name, j.name), cmp.Compare(i.group, j.group),
	)
}

func union[V any](a, b map[identity]V) map[identity]V {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}
