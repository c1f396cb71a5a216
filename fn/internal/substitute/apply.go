package substitute

import (
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/item"
)

// Build is a build with other texts in the place of its variables.
type Build struct {
	Items  []*item.Item
	Config *item.Item

	came map[*item.Item]*item.Item
}

// Came is the item that came, for one of the build.
func (b *Build) Came(it *item.Item) *item.Item {
	if before := b.came[it]; before != nil {
		return before
	}
	return it
}

// In puts values in the place of the variables of a build. What holds none is shared.
func (v *Variables) In(items []*item.Item, config *item.Item, values Values) *Build {
	b := &Build{Items: make([]*item.Item, len(items)), came: map[*item.Item]*item.Item{}}
	for i, it := range items {
		b.Items[i] = v.instead(b, it, values)
	}
	if config != nil {
		b.Config = v.instead(b, config, values)
	}
	return b
}

func (v *Variables) instead(b *Build, it *item.Item, values Values) *item.Item {
	if !v.owned[it] && !filled(it) {
		return it
	}
	before := string(it.Raw())
	after := replace(before, values)
	if after == before {
		return it
	}
	twin := it.Instead([]byte(after))
	b.came[twin] = it
	return twin
}

// Restorer brings variables back into texts of a run with values.
type Restorer struct {
	replacer *strings.Replacer
	marks    map[string]string
}

// Restorer is for a run with these values.
func (v *Variables) Restorer(values Values) *Restorer {
	var pairs []string
	for _, one := range v.used {
		if values[one.name] != one.sample && !one.mixed && !one.counted {
			pairs = append(pairs, values[one.name], one.text)
		}
	}
	return &Restorer{replacer: strings.NewReplacer(pairs...), marks: v.marks}
}

// Text brings variables back into a text. Broken is the name of one that is left in parts, "" for none.
func (r *Restorer) Text(text string) (restored, broken string) {
	restored = r.replacer.Replace(text)
	for name, sign := range r.marks {
		if strings.Contains(restored, sign) {
			return restored, name
		}
	}
	return restored, ""
}

// Filled is a text as Flux makes it of the output, with the samples.
func (v *Variables) Filled(text string) string { return replace(text, v.Samples()) }

// Without leaves a number in the manifests as it is written, so that it counts as unknown. It is nil for what is no such number.
func (v *Variables) Without(name string) *Variables {
	one := v.find(name)
	if one == nil || !one.counted {
		return nil
	}
	rest := *v
	rest.used = slices.DeleteFunc(slices.Clone(v.used), func(other *used) bool { return other == one })
	return &rest
}
