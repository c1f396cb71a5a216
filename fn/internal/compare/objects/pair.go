package objects

import (
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"sigs.k8s.io/yaml"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/compare/fields"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

func byIdentity(items []*item.Item) map[identity][]*item.Item {
	out := make(map[identity][]*item.Item, len(items))
	for _, it := range items {
		key := identity{it.Group(), it.Kind(), it.Namespace(), it.Name()}
		if key.name == "" { // The cluster makes the name, and there may be several.
			key.name, _ = it.String("metadata", "generateName")
		}
		out[key] = append(out[key], it)
	}
	return out
}

// pair is an object in both builds; nil where one does not have it.
type pair struct{ from, to *item.Item }

// pairs puts objects of one identity beside each other. There is one of each, except where the cluster makes names: those
// that are equal are then the same.
func pairs(before, after []*item.Item) []pair {
	if len(before) <= 1 && len(after) <= 1 {
		return []pair{{first(before), first(after)}}
	}
	after = slices.Clone(after)
	var out []pair
	var rest []*item.Item
	for _, old := range before {
		at := slices.IndexFunc(after, func(now *item.Item) bool { _, same := (pair{old, now}).compare(); return same })
		if at < 0 {
			rest = append(rest, old)
			continue
		}
		out, after = append(out, pair{old, after[at]}), slices.Delete(after, at, at+1)
	}
	for i := range max(len(rest), len(after)) {
		out = append(out, pair{nth(rest, i), nth(after, i)})
	}
	return out
}

func first(items []*item.Item) *item.Item { return nth(items, 0) }

func nth(items []*item.Item, i int) *item.Item {
	if i >= len(items) {
		return nil
	}
	return items[i]
}

// compare says what happens to an object; same where both mean the same.
func (p pair) compare() (object Object, same bool) {
	if p.from != nil && p.to != nil && string(p.from.Raw()) == string(p.to.Raw()) {
		return Object{}, true
	}
	before, after := meaning(p.from), meaning(p.to)
	if p.from != nil && p.to != nil && fields.Equal(before, after) {
		return Object{}, true
	}
	object.What = Changed
	shown := p.to
	switch {
	case p.from == nil:
		object.What = Added
	case p.to == nil:
		object.What, shown = Removed, p.from
	}
	object.Resource, object.ByHand = shown.Resource(), byHand(p.from) || byHand(p.to)
	if object.Resource.Name == "" {
		object.Resource.Name, _ = shown.String("metadata", "generateName")
	}
	if shown.Kind() == "Secret" && shown.Group() == "" {
		before, after = hidden(before, after)
	}
	if object.What == Changed {
		object.Fields = fields.Of(before, after)
	}
	object.Diff, object.Lines = unified(object.Resource, written(before), written(after))
	return object, false
}

// byHand reports whether an object of Istio's is the user's own.
func byHand(it *item.Item) bool {
	if it == nil {
		return false
	}
	_, generated := it.Annotation(v1alpha1.SourceAnnotation)
	return !generated && strings.HasSuffix(it.Group(), ".istio.io")
}

// meaning is what a document means. One that cannot be read was refused before; its text stands for it.
func meaning(it *item.Item) any {
	if it == nil {
		return nil
	}
	value, err := fields.Read(it.Raw())
	if err != nil {
		return string(it.Raw())
	}
	return value
}

// written is a document in one form, so that a diff shows only what is different.
func written(value any) []byte {
	if value == nil {
		return nil
	}
	text, err := yaml.Marshal(value)
	if err != nil { // Nothing in it can fail to be written.
		return nil
	}
	return text
}

func unified(resource diag.Resource, old, now []byte) (text string, lines Lines) {
	name := resource.String()
	text = string(diff.Diff("old "+name, old, "new "+name, now))
	if _, after, ok := strings.Cut(text, "\n"); ok { // Its first line is the command.
		text = after
	}
	for i, line := range strings.Split(text, "\n") {
		switch {
		case i < 2: // the names
		case strings.HasPrefix(line, "+"):
			lines.Added++
		case strings.HasPrefix(line, "-"):
			lines.Removed++
		}
	}
	return text, lines
}
