// Package manifest is what a renderer produces: new objects, and edits of objects that are not ours. Each one remembers
// what in the spec it came from.
package manifest

import (
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// Set is the outcome of rendering.
type Set struct {
	Objects []Object
	Edits   []Edit
}

// Object is one generated object.
type Object struct {
	Resource diag.Resource
	Owner    string         // the Mesh it came from, as in the annotation meshfn.dev/source
	Typed    any            // the object as the target API's own type, for its own validation
	Fields   map[string]any // the object as it is written
	From     diag.Source
	Patches  []Patch // that changed it, in their order
}

// Patch is what a patch of the user's wrote into an object.
type Patch struct {
	Merge map[string]any                 // as in RFC 7386, over the whole object
	At    func(field string) diag.Source // of the object
}

// Edit sets one string in an object of the user's: a label or an annotation.
type Edit struct {
	Item  *item.Item
	Path  []string
	Value string
	From  diag.Source
}
