package resolve

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// breach is a value out of a limit, and who set it.
type breach struct {
	limit          *spec.Limit
	value, problem string
	from           spec.Origin
}

// breaches holds merged settings against limits.
func breaches(limits []spec.Limit, settings any, origins spec.Origins) []breach {
	var found []breach
	for i := range limits {
		limit := &limits[i]
		value, off := look(settings, limit.Path)
		switch {
		case off != "" && limit.OffUnlimited && limit.Max != "":
			found = append(found, breach{limit, off + ": false", "means no limit at all", origins[off]})
		case value.IsValid() && !limit.Block:
			if word, problem := limit.Broken(wordsOf(limit, value)); problem != "" {
				found = append(found, breach{limit, word, problem, origins.Of(limit.Path)})
			}
		}
	}
	return found
}

// look returns the value of a setting, an invalid one where nobody set it; or else the block around it that was turned off.
func look(settings any, path string) (value reflect.Value, off string) {
	at, v := "", reflect.ValueOf(settings)
	for name := range strings.SplitSeq(path, ".") {
		v = fieldNamed(v, name)
		at = diag.Join(at, name)
		if !v.IsValid() || v.IsZero() {
			return reflect.Value{}, ""
		}
		if !isBlock(v) {
			return v, ""
		}
		if _, index, ok := v1alpha1.SwitchForms(v.Type().Elem()); ok && switchOf(v, index).Off() {
			return reflect.Value{}, at
		}
		v = v.Elem()
	}
	return v, ""
}

// fieldNamed returns a field of a struct by its name in YAML, those of embedded structs included.
func fieldNamed(of reflect.Value, wanted string) reflect.Value {
	for i := range of.NumField() {
		name, ok := v1alpha1.FieldName(of.Type().Field(i))
		switch {
		case !ok:
		case name == wanted:
			return of.Field(i)
		case name == "":
			if found := fieldNamed(of.Field(i), wanted); found.IsValid() {
				return found
			}
		}
	}
	return reflect.Value{}
}

// wordsOf are the single values of a setting.
func wordsOf(limit *spec.Limit, value reflect.Value) []string {
	if !limit.List {
		return limit.Scale.Split(wordOf(value))
	}
	var words []string
	for i := range value.Len() {
		words = append(words, wordOf(value.Index(i)))
	}
	return words
}

// keepLimits reports the values out of a limit that a Mesh set. Those of the profile were reported with the profile.
func (r *resolver) keepLimits(rules *spec.Rules, settings any, origins spec.Origins) {
	for _, b := range breaches(rules.Limits, settings, origins) {
		if b.from.Layer < spec.MeshDefaults || r.ownBroken[b.from.Via] {
			continue
		}
		finding := rules.Outside(b.limit, b.value, b.problem)
		finding.Source = b.from.At
		explainSource(&finding, b)
		r.report(finding)
	}
}

// explainSource says what a value was written as, and what to write where that was the value itself.
func explainSource(finding *diag.Finding, b breach) {
	if b.from.Via.Field != "" {
		finding.Related = append(finding.Related, b.from.Via)
	}
	switch note := b.from.Note; {
	case note == "false":
		block := strings.TrimSuffix(b.value, ": false")
		finding.Try = fmt.Sprintf("remove %s, or write %s: {%s: %s}", b.value, block, strings.TrimPrefix(b.limit.Path, block+"."), b.limit.Max)
	case note != "":
		finding.Because = append([]string{fmt.Sprintf("%s comes with %s", b.value, note)}, finding.Because...)
		short, _, _ := strings.Cut(note, ",")
		finding.Try += ", or something else instead of " + short
		finding.Try = strings.TrimPrefix(finding.Try, ", or ")
	case !b.limit.List && b.limit.Scale != spec.Words || len(b.limit.Rules.Enum) > 0 && !b.limit.List:
		finding.Proposed = b.limit.Nearest(b.value)
	}
}

// require reports required settings that no layer set, or that one cleared. Unset is where that is said.
func (r *resolver) require(rules *spec.Rules, settings any, origins spec.Origins, possible func(path string) bool, whose string, unset diag.Source) {
	for i := range rules.Limits {
		limit := &rules.Limits[i]
		if !limit.Required || !possible(limit.Path) {
			continue
		}
		value, off := look(settings, limit.Path)
		finding, source := rules.Missing(limit, "no layer sets it for "+whose), unset
		switch {
		case off != "" && limit.OffUnlimited && limit.Max != "", value.IsValid() && limit.Max != "" && !limit.Block && limit.Clears(wordsOf(limit, value)):
			continue // That it breaks the maximum was said.
		case off != "":
			finding, source = rules.Missing(limit, off+": false leaves it out"), origins[off].At
			finding.Try = fmt.Sprintf("remove %s: false, or write %s: …", off, limit.Path)
		case !value.IsValid():
		case limit.Block:
			if !empty(value) {
				continue
			}
		case limit.Clears(wordsOf(limit, value)):
			finding, source = rules.Missing(limit, wordOf(value)+" leaves it out"), origins.Of(limit.Path).At
		default:
			continue
		}
		finding.Source = source
		r.report(finding)
	}
}

// empty reports whether a block says nothing, where that does not turn it on.
func empty(block reflect.Value) bool {
	forms, _, _ := v1alpha1.SwitchForms(block.Type())
	return block.IsZero() && !slices.Contains(forms, "true")
}

// portLimits holds the settings of calls to one port against the rules.
func (r *resolver) portLimits(service *spec.Service, port *spec.Port) {
	rules := r.out.Rules.In(service.Facts.Namespace)
	r.keepLimits(rules, port.Traffic, port.Origins)
	possible := func(path string) bool {
		return service.Stage.Permits(v1alpha1.StageResilience) && isSetting[v1alpha1.TrafficSettings](path) && spec.NeedOf(path).Met(service.Facts, port.Facts)
	}
	whose := fmt.Sprintf("port %q of Service %q", port.Facts.Key(), service.Facts.Name)
	r.require(rules, port.Traffic, port.Origins, possible, whose, service.At(""))
}

// podLimits holds the settings of a set of pods against the rules. What tunes a sidecar is required of pods that may get
// one.
func (r *resolver) podLimits(namespace string, workload *spec.Workload) {
	rules := r.out.Rules.In(namespace)
	r.keepLimits(rules, workload.Settings, workload.Origins)
	for _, template := range workload.Templates {
		sidecar := workload.Settings.Sidecar
		without := sidecar != nil && !*sidecar || sidecar == nil && r.facts.StaysOut(template)
		possible := func(path string) bool {
			return workload.Stage.Permits(v1alpha1.StageObserve) && isSetting[v1alpha1.WorkloadSettings](path) && (path == "sidecar" || !without)
		}
		whose := fmt.Sprintf("the pods of %s %q", template.Kind, template.Name)
		r.require(rules, workload.Settings, workload.Origins, possible, whose, workload.At(""))
	}
}

// isSetting reports whether a path is one of the settings of a group.
func isSetting[T any](path string) bool {
	first, _, _ := strings.Cut(path, ".")
	var group T
	return fieldNamed(reflect.ValueOf(group), first).IsValid()
}
