package resolve

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// refuseNames refuses keys of the profile that nothing can ever be called, so that what stands below them would be lost.
func (r *resolver) refuseNames() {
	profile := r.documents.Profile
	if profile == nil {
		return
	}
	in := &profile.Value.Spec
	r.namespaceNames("spec.namespaces", slices.Sorted(maps.Keys(in.Namespaces)))
	if in.Rollout != nil {
		r.namespaceNames("spec.rollout.namespaces", slices.Sorted(maps.Keys(in.Rollout.Namespaces)))
	}
	if in.Presets != nil {
		r.presetNames(reflect.ValueOf(*in.Presets))
	}
	r.refuseMisplaced()
}

func (r *resolver) namespaceNames(path string, names []string) {
	for _, name := range names {
		if err := new(v1alpha1.NamespaceName).UnmarshalText([]byte(name)); err != nil {
			problem := v1alpha1.AsValueError(err)
			r.report(diag.Finding{
				Code: diag.BadRule, Source: r.documents.Profile.At(diag.Join(path, name)),
				Message: fmt.Sprintf("%s: %s; allowed: %s", path, problem.Problem, problem.Allowed),
			})
		}
	}
}

// presetNames refuses presets whose name means something else wherever it is written.
func (r *resolver) presetNames(all reflect.Value) {
	for i := range all.NumField() {
		setting, _ := v1alpha1.FieldName(all.Type().Field(i))
		for _, name := range []string{"", "false", "true"} {
			if all.Field(i).MapIndex(reflect.ValueOf(name)).IsValid() {
				r.report(diag.Finding{
					Code: diag.BadRule, Source: r.documents.Profile.At(diag.Join("spec.presets."+setting, name)),
					Message: fmt.Sprintf("%q cannot be the name of a preset: %s: %s is no name", name, setting, name),
					Try:     "another name; a preset called like a built-in one, such as medium, takes its place",
				})
			}
		}
	}
}
