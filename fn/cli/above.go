package cli

import (
	"slices"

	"github.com/meshfn/meshfn/fn/internal/build"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// blame says which kustomizations change a name or a namespace after the function has run, and where it should run
// instead. Their outermost comes first.
func blame(findings diag.List, later []build.Later) {
	for i := range findings {
		f, told := &findings[i], false
		for _, change := range later {
			if !explains(change, f) {
				continue
			}
			f.Related = appendNew(f.Related, change.At)
			if change.Component && !told {
				told = true
				if len(f.Because) == 0 {
					f.Because = []string{"a component runs before the names and the namespace of the kustomization that uses it are set"}
				}
				f.Try = "name the platform's transformer directory under transformers of " + change.At.File + ", instead of the component"
			}
		}
	}
}

// explains reports whether a finding is about what a kustomization changes too late.
func explains(change build.Later, f *diag.Finding) bool {
	if f.Code == diag.NameLost {
		return change.Field != "namespace"
	}
	about := []diag.Code{diag.NamespaceLost, diag.AmbiguousNamespace, diag.CoversNothing, diag.UnknownStage}
	return change.Field == "namespace" && slices.Contains(about, f.Code) && f.Severity == diag.Error
}

func appendNew(list []diag.Source, place diag.Source) []diag.Source {
	if slices.Contains(list, place) {
		return list
	}
	return append(list, place)
}
