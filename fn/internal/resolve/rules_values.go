package resolve

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// bound reads one value of a limit in the type of the setting.
func (r *rulesReader) bound(s *spec.Setting, text, field string, ordered bool) (string, bool) {
	name := lastOf(field)
	switch {
	case s.Block || s.Scale == spec.Nothing:
		r.badRule(field, fmt.Sprintf("%s is more than one value, and a limit can only require it", s.Path), "required: true, or a limit of a single field of it")
		return "", false
	case ordered && !s.Scale.Ordered():
		r.badRule(field, fmt.Sprintf("values of %s have no order, so %s means nothing", s.Path, name), "allowed: […] or denied: […]")
		return "", false
	}
	problem := misfit(s, text)
	if problem == nil && ordered && s.Scale == spec.Durations && s.Scale.Zero(text) {
		problem = &v1alpha1.ValueError{Problem: fmt.Sprintf("%q is no bound", text), Allowed: "a duration above zero"}
	}
	if problem != nil {
		finding := diag.Finding{
			Code: diag.BadRule, Source: r.documents.Profile.At(field), Proposed: problem.Proposed,
			Message: fmt.Sprintf("%s of a limit of %s: %s; allowed: %s", name, s.Path, problem.Problem, problem.Allowed),
		}
		if problem.Proposed != "" {
			finding.Try = problem.Proposed
			if ordered {
				finding.Try = name + ": " + problem.Proposed
			}
		}
		r.report(finding)
	}
	return text, problem == nil
}

// misfit says why a text is no value of a setting, nil where it is one.
func misfit(s *spec.Setting, text string) *v1alpha1.ValueError {
	least, most := s.Rules.Min, s.Rules.Max
	if s.List {
		least, most = s.Rules.ItemMin, s.Rules.ItemMax
	}
	if value, ok := reflect.TypeAssert[encoding.TextUnmarshaler](reflect.New(s.Type)); ok {
		if err := value.UnmarshalText([]byte(text)); err != nil {
			return v1alpha1.AsValueError(err)
		}
		return nil
	}
	switch s.Scale {
	case spec.Numbers:
		number, err := strconv.ParseInt(text, 10, 64)
		switch {
		case err != nil:
			return &v1alpha1.ValueError{Problem: fmt.Sprintf("%q is not a whole number", text), Allowed: "a whole number"}
		case least != nil && number < *least:
			return &v1alpha1.ValueError{Problem: text + " is below what the setting takes at all", Allowed: fmt.Sprintf("%d or more", *least)}
		case most != nil && number > *most:
			return &v1alpha1.ValueError{Problem: text + " is above what the setting takes at all", Allowed: fmt.Sprintf("%d or less", *most)}
		}
	case spec.Booleans:
		if !strings.EqualFold(text, "true") && !strings.EqualFold(text, "false") {
			return &v1alpha1.ValueError{Problem: fmt.Sprintf("%q is not a boolean", text), Allowed: "true, false"}
		}
	case spec.Words:
		if len(s.Rules.Enum) > 0 && !slices.Contains(s.Rules.Enum, text) {
			nearest, _ := diag.Nearest(text, s.Rules.Enum)
			return &v1alpha1.ValueError{
				Problem: fmt.Sprintf("%q is no value of it", text), Allowed: strings.Join(s.Rules.Enum, ", "), Proposed: nearest,
			}
		}
	case spec.Nothing, spec.Durations, spec.Quantities:
	}
	return nil
}

// lastOf is the last name in a field path.
func lastOf(field string) string {
	for strings.HasSuffix(field, "]") {
		field, _ = diag.Parent(field)
	}
	return field[strings.LastIndexByte(field, '.')+1:]
}
