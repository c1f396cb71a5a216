package build

import (
	"slices"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Later is a field of a kustomization that changes names or namespaces after meshfn has run below it.
type Later struct {
	Field     string      // namespace, namePrefix or nameSuffix
	At        diag.Source // where it is written
	Entry     diag.Source // the entry of transformers that runs meshfn
	Component bool        // the entry is one of a component
}

// later lists the fields of kustomizations above an entry of meshfn. Kustomize applies its own fields to what the bases and
// components of a kustomization have become.
func (w *walk) later() []Later {
	var all []Later
	for _, l := range w.outermost {
		runs := w.below(l, map[string]bool{})
		for _, component := range l.components {
			if inner := w.levels[component.dir]; inner != nil {
				runs = append(runs, w.over(inner)...)
			}
		}
		for _, entry := range runs {
			for _, field := range l.k.renames() {
				all = append(all, Later{
					Field: field, At: l.k.place(field), Entry: entry.listed,
					Component: entry.level.k.isComponent(),
				})
			}
		}
	}
	return all
}

// renames lists the fields that change the names or namespaces of everything in a kustomization.
func (k *kustomization) renames() []string {
	c := &k.content
	fields := map[string]string{"namespace": c.Namespace, "namePrefix": c.NamePrefix, "nameSuffix": c.NameSuffix}
	return slices.DeleteFunc([]string{"namespace", "namePrefix", "nameSuffix"}, func(field string) bool { return fields[field] == "" })
}

func (k *kustomization) isComponent() bool { return k.content.Kind == types.ComponentKind }
