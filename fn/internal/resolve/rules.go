package resolve

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// rules reads what the profile allows, in general and in single namespaces. A rule that makes no sense is a finding and
// left out.
func (r *resolver) rules() {
	profile := r.documents.Profile
	if profile == nil {
		return
	}
	in := &profile.Value.Spec
	reader := rulesReader{resolver: r, settings: spec.Settings()}
	owner := fmt.Sprintf("MeshProfile %q", profile.Value.Metadata.Name)
	if in.Owner != nil && *in.Owner != "" {
		owner = *in.Owner
	}
	general := spec.Rules{Owner: owner}
	reader.read(&general, "spec", in.Limits, in.Locked, in.Patches)
	r.out.Rules = spec.RuleSet{General: general, Namespaces: map[string]spec.Rules{}}
	for _, name := range slices.Sorted(maps.Keys(in.Namespaces)) {
		rules := in.Namespaces[name]
		if rules == nil {
			continue
		}
		own := spec.Rules{Owner: owner, Limits: slices.Clone(general.Limits), Locks: slices.Clone(general.Locks), Patches: general.Patches}
		reader.read(&own, diag.Join("spec.namespaces", name), rules.Limits, rules.Locked, rules.Patches)
		r.out.Rules.Namespaces[name] = own
	}
	r.ownRules()
}

type rulesReader struct {
	*resolver

	settings []spec.Setting
}

// read adds the rules of one part of the profile to those that are there, and puts them in place of those for the same paths.
func (r *rulesReader) read(into *spec.Rules, at string, limits map[string]*v1alpha1.Limit, locked map[string]string, patches *bool) {
	for _, path := range slices.Sorted(maps.Keys(limits)) {
		field := diag.Join(at+".limits", path)
		limit, ok := r.limit(path, limits[path], field, at == "spec")
		if !ok {
			continue
		}
		into.Limits = slices.DeleteFunc(into.Limits, func(other spec.Limit) bool { return other.Path == path })
		into.Limits = append(into.Limits, limit)
	}
	slices.SortFunc(into.Limits, func(a, b spec.Limit) int { return cmp.Compare(a.Path, b.Path) })
	for _, path := range slices.Sorted(maps.Keys(locked)) {
		field := diag.Join(at+".locked", path)
		if !r.lockable(path, field) {
			continue
		}
		into.Locks = slices.DeleteFunc(into.Locks, func(other spec.Lock) bool { return other.Path == path })
		into.Locks = append(into.Locks, spec.Lock{Path: path, Reason: locked[path], At: r.documents.Profile.At(field)})
	}
	slices.SortFunc(into.Locks, func(a, b spec.Lock) int { return cmp.Compare(a.Path, b.Path) })
	if patches != nil {
		into.Patches = nil
		if !*patches {
			forbidden := r.documents.Profile.At(at + ".patches")
			into.Patches = &forbidden
		}
	}
}

// limit reads one limit, and says what is wrong with it.
func (r *rulesReader) limit(path string, in *v1alpha1.Limit, field string, general bool) (spec.Limit, bool) {
	i := slices.IndexFunc(r.settings, func(s spec.Setting) bool { return s.Path == path })
	if i < 0 {
		r.unknownPath(field, path, "setting", r.paths())
		return spec.Limit{}, false
	}
	limit := spec.Limit{Setting: r.settings[i], At: r.documents.Profile.At(field)}
	if in.Reason != nil {
		limit.Reason = *in.Reason
	}
	limit.Required = in.Required != nil && *in.Required
	bound := func(name string, value *v1alpha1.Scalar, into *string) bool {
		if value == nil {
			return true
		}
		text, ok := r.bound(&limit.Setting, string(*value), field+"."+name, true)
		*into = text
		return ok
	}
	words := func(name string, values []v1alpha1.Scalar, into *[]string) bool {
		good := true
		for i, value := range values {
			text, ok := r.bound(&limit.Setting, string(value), diag.At(field+"."+name, i), false)
			*into, good = append(*into, text), good && ok
		}
		return good
	}
	good := []bool{
		bound("min", in.Min, &limit.Min), bound("max", in.Max, &limit.Max),
		words("allowed", in.Allowed, &limit.Allowed), words("denied", in.Denied, &limit.Denied),
	}
	if slices.Contains(good, false) {
		return limit, false
	}
	return limit, r.meaningful(&limit, in, field, general)
}

// meaningful refuses a limit that nothing can keep or that says nothing.
func (r *rulesReader) meaningful(limit *spec.Limit, in *v1alpha1.Limit, field string, general bool) bool {
	switch {
	case limit.Min != "" && limit.Max != "" && limit.Scale.Above(limit.Min, limit.Max):
		r.badRule(field+".min", fmt.Sprintf("min %s of %s is above max %s, so no value is allowed", limit.Min, limit.Path, limit.Max), "min: "+limit.Max)
	case len(limit.Allowed) > 0 && !slices.ContainsFunc(limit.Allowed, func(word string) bool { return !slices.Contains(limit.Denied, word) }):
		r.badRule(field+".denied", fmt.Sprintf("%s denies every value that it allows, so no value is allowed", limit.Path), "remove denied; what allowed does not list is refused anyway")
	case limit.Range() == "" && !limit.Required && (general || in.Required == nil):
		allowed := "required"
		if !limit.Block && limit.Scale != spec.Nothing {
			allowed = "allowed, denied, required"
		}
		if limit.Scale.Ordered() {
			allowed = "max, min, " + allowed
		}
		r.badRule(field, fmt.Sprintf("the limit of %s says nothing; it needs one of: %s", limit.Path, allowed), "")
	default:
		return true
	}
	return false
}

func (r *rulesReader) paths() []string {
	paths := make([]string, 0, len(r.settings))
	for i := range r.settings {
		paths = append(paths, r.settings[i].Path)
	}
	return paths
}

func (r *rulesReader) badRule(field, problem, try string) {
	r.report(diag.Finding{Code: diag.BadRule, Source: r.documents.Profile.At(field), Message: problem, Try: try})
}

// unknownPath says that a rule is for nothing, and what was probably meant.
func (r *rulesReader) unknownPath(field, path, kind string, known []string) {
	finding := diag.Finding{
		Code: diag.BadRule, Source: r.documents.Profile.At(field),
		Message: fmt.Sprintf("there is no %s %q, so the rule protects nothing", kind, path),
		Try:     "a field path as in the reference, such as " + known[0],
	}
	nearest, ok := diag.Nearest(path, known)
	for _, candidate := range known { // A path without its beginning is the most frequent mistake.
		if !ok && strings.HasSuffix(candidate, "."+path) {
			nearest, ok = candidate, true
		}
	}
	for _, candidate := range known { // And one with too much of it the next.
		if !ok && strings.HasSuffix(path, "."+candidate) {
			nearest, ok = candidate, true
		}
	}
	first, _, _ := strings.Cut(path, ".")
	switch {
	case ok:
		finding.Try = "did you mean " + nearest + "?"
	case kind == "setting" && slices.Contains(r.entryFields(), first):
		finding.Try = fmt.Sprintf("locked: {%s: …} if applications may not write it; only settings have limits", first)
	}
	r.report(finding)
}
