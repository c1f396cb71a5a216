package build

import (
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Later is a field of a kustomization that changes names or namespaces after meshfn has run below it.
type Later struct {
	Field     string      // namespace, namePrefix or nameSuffix
	Value     string      // what it sets
	At        diag.Source // where it is written
	Component bool        // meshfn runs in a component there
}

// later lists the fields of kustomizations above an entry of meshfn, the outermost first. Kustomize applies them to what the
// bases and components of a kustomization have become.
func (w *walk) later() []Later {
	var all []Later
	known := map[*level]ran{}
	for _, l := range w.outermost {
		below := w.ranBelow(l, known)
		if !below.somewhere {
			continue
		}
		for _, field := range l.k.renames() {
			all = append(all, Later{Field: field, Value: l.k.sets()[field], At: l.k.place(field), Component: below.inComponent})
		}
	}
	return all
}

// ran says whether meshfn has run before a level changes names.
type ran struct{ somewhere, inComponent bool }

// ranBelow asks the bases and components of a level, each once.
func (w *walk) ranBelow(l *level, known map[*level]ran) ran {
	if answer, ok := known[l]; ok {
		return answer
	}
	var answer ran
	for i, below := range slices.Concat(l.bases, l.components) {
		inner := w.levels[below.dir]
		if inner == nil {
			continue
		}
		isComponent, deeper := i >= len(l.bases), w.ranBelow(inner, known)
		answer.somewhere = answer.somewhere || deeper.somewhere || len(inner.runs) > 0
		answer.inComponent = answer.inComponent || deeper.inComponent || isComponent && len(inner.runs) > 0
	}
	known[l] = answer
	return answer
}

// renames lists the fields that change the names or namespaces of everything in a kustomization.
func (k *kustomization) renames() []string {
	fields := k.sets()
	return slices.DeleteFunc([]string{"namespace", "namePrefix", "nameSuffix"}, func(field string) bool { return fields[field] == "" })
}

func (k *kustomization) sets() map[string]string {
	c := &k.content
	return map[string]string{"namespace": c.Namespace, "namePrefix": c.NamePrefix, "nameSuffix": c.NameSuffix}
}
