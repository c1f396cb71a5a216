package resolve

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// ownRules finds rules that the profile breaks itself, whether or not an application takes the value over: by its presets,
// and by its defaults and the built-in ones below them.
func (r *resolver) ownRules() {
	r.ownBroken = map[diag.Source]bool{}
	r.ownPresets()
	r.ownDefaults("")
	for _, namespace := range slices.Sorted(maps.Keys(r.out.Rules.Namespaces)) {
		r.ownDefaults(namespace)
	}
}

// ownDefaults holds what a Mesh without settings gets against the rules.
func (r *resolver) ownDefaults(namespace string) {
	rules := r.out.Rules.In(namespace)
	blocks := r.profileDefaults(namespace)
	calls, origins := mergeLayers(r, traffic(blocks))
	found := breaches(rules.Limits, calls, origins)
	settings, origins := mergeLayers(r, pods(blocks))
	found = append(found, breaches(rules.Limits, settings, origins)...)
	for _, b := range found {
		if r.ownBroken[b.from.Via] {
			continue
		}
		finding := rules.Outside(b.limit, b.value, b.problem)
		finding.Code, finding.Source = diag.OwnRuleBroken, b.from.At
		if b.from.Layer == spec.BuiltIn {
			finding.Source, finding.Related = b.limit.At, nil
			finding.Message = fmt.Sprintf("%s: the built-in default %s %s; allowed: %s", b.limit.Path, b.value, b.problem, b.limit.Range())
			finding.Try = "a default of the profile for " + b.limit.Path + ", such as " + b.limit.Nearest(b.value)
		} else {
			explainSource(&finding, b)
		}
		r.report(finding)
	}
}

// ownPresets holds the presets of the profile against the rules. A preset that the rules of some namespace let pass is for
// that namespace.
func (r *resolver) ownPresets() {
	if r.documents.Profile.Value.Spec.Presets == nil {
		return
	}
	all := reflect.ValueOf(*r.documents.Profile.Value.Spec.Presets)
	for i := range all.NumField() {
		name, _ := v1alpha1.FieldName(all.Type().Field(i))
		for _, key := range slices.Sorted(maps.Keys(r.presets[all.Field(i).Type().Elem()])) {
			if found := r.presets[all.Field(i).Type().Elem()][key]; found.at != nil {
				r.ownPreset(name, key, found)
			}
		}
	}
}

func (r *resolver) ownPreset(setting, key string, p preset) {
	everywhere := func(path string) bool {
		for _, rules := range r.out.Rules.Namespaces {
			if len(brokenBy(rules.Limits, path, setting, p.block)) == 0 {
				return false
			}
		}
		return true
	}
	general := &r.out.Rules.General
	for i := range general.Limits {
		limit := &general.Limits[i]
		for _, b := range brokenBy(general.Limits, limit.Path, setting, p.block) {
			if !everywhere(limit.Path) {
				continue
			}
			at := p.at(strings.TrimPrefix(limit.Path, setting+"."))
			finding := general.Outside(limit, b.value, b.problem)
			finding.Code, finding.Source = diag.OwnRuleBroken, at
			finding.Message = fmt.Sprintf("preset %q breaks a limit of the profile: %s", key, finding.Message)
			r.ownBroken[at] = true
			r.report(finding)
		}
	}
}

// brokenBy returns the breach of the limit of one path by a block of settings.
func brokenBy(limits []spec.Limit, path, setting string, block reflect.Value) []breach {
	i := slices.IndexFunc(limits, func(l spec.Limit) bool { return l.Path == path })
	inside, ok := strings.CutPrefix(path, setting+".")
	if i < 0 || !ok {
		return nil
	}
	limit := limits[i]
	limit.Path = inside
	return breaches([]spec.Limit{limit}, block.Elem().Interface(), spec.Origins{})
}
