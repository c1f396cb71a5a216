package spec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// RuleSet is what the platform allows applications to write.
type RuleSet struct {
	General    Rules
	Namespaces map[string]Rules // of the namespaces that have rules of their own, with the general ones among them
}

// In returns the rules that hold in a namespace.
func (s *RuleSet) In(namespace string) *Rules {
	if s == nil {
		return &Rules{}
	}
	if rules, ok := s.Namespaces[namespace]; ok {
		return &rules
	}
	return &s.General
}

// Empty reports whether there is nothing to hold output against.
func (s *RuleSet) Empty() bool {
	if s == nil {
		return true
	}
	for _, rules := range s.Namespaces {
		if len(rules.Limits) > 0 || len(rules.Locks) > 0 {
			return false
		}
	}
	return len(s.General.Limits) == 0 && len(s.General.Locks) == 0
}

// Rules are the platform's rules for one namespace, each list in the order of its paths.
type Rules struct {
	Owner   string // whom to ask about them
	Limits  []Limit
	Locks   []Lock
	Patches *diag.Source // where patches are forbidden, nil where they are not
}

// Lock is a field that only the platform sets.
type Lock struct {
	Path, Reason string
	At           diag.Source
}

// Limit bounds the values of one setting.
type Limit struct {
	Setting

	Min, Max        string // "" for none
	Allowed, Denied []string
	Required        bool
	Reason          string
	At              diag.Source
}

// Clears reports whether a value is written to have no limit at all.
func (l *Limit) Clears(values []string) bool {
	return len(values) == 1 && l.Unlimited && l.Scale.Zero(values[0])
}

// Broken says which of some values is out of the limit and why, "" where none is. What clears a limit is above each
// maximum and below no minimum.
func (l *Limit) Broken(values []string) (value, problem string) {
	clears, whole := l.Clears(values), strings.Join(values, ",")
	if l.Scale == Words && slices.ContainsFunc(l.Allowed, func(of string) bool { return strings.Join(l.Scale.Split(of), ",") == whole }) {
		return "", "" // A text with commas that are part of it.
	}
	for _, value := range values {
		known := func(of string) bool { return l.Scale.Same(of, value) }
		switch {
		case clears && l.Max != "":
			return value, "means no limit at all"
		case l.Max != "" && l.Scale.Above(value, l.Max):
			return value, "is above " + l.Max
		case !clears && l.Min != "" && l.Scale.Above(l.Min, value):
			return value, "is below " + l.Min
		case l.Allowed != nil && !slices.ContainsFunc(l.Allowed, known):
			return value, "is not allowed"
		case slices.ContainsFunc(l.Denied, known):
			return value, "is denied"
		}
	}
	return "", ""
}

// Range says what is allowed.
func (l *Limit) Range() string {
	var parts []string
	switch {
	case l.Min != "" && l.Max != "":
		parts = append(parts, l.Min+" to "+l.Max)
	case l.Min != "":
		parts = append(parts, l.Min+" or more")
	case l.Max != "":
		parts = append(parts, l.Max+" or less")
	}
	if l.Allowed != nil {
		parts = append(parts, strings.Join(l.Allowed, ", "))
	}
	if l.Denied != nil {
		parts = append(parts, "anything but "+strings.Join(l.Denied, ", "))
	}
	return strings.Join(parts, "; ")
}

// Nearest is the value to write instead of one that is out of the limit, "" where nothing is near.
func (l *Limit) Nearest(value string) string {
	switch {
	case l.Max != "" && (l.Clears([]string{value}) || l.Scale.Above(value, l.Max)):
		return l.Max
	case l.Min != "" && l.Scale.Above(l.Min, value):
		return l.Min
	case len(l.Allowed) > 0:
		if nearest, ok := diag.Nearest(value, l.Allowed); ok {
			return nearest
		}
		return l.Allowed[0]
	}
	return ""
}

// String is the limit as the profile says it.
func (l *Limit) String() string {
	var parts []string
	part := func(name, value string) {
		if value != "" {
			parts = append(parts, name+": "+value)
		}
	}
	list := func(name string, values []string) {
		if values != nil {
			part(name, "["+strings.Join(values, ", ")+"]")
		}
	}
	part("min", l.Min)
	part("max", l.Max)
	list("allowed", l.Allowed)
	list("denied", l.Denied)
	if l.Required {
		part("required", "true")
	}
	return "limits: {" + l.Path + ": {" + strings.Join(parts, ", ") + "}}"
}

// String is the lock as the profile says it.
func (l *Lock) String() string { return "locked: {" + l.Path + ": …}" }

// Because says which rule it is, why it exists and whose it is.
func (r *Rules) Because(rule, reason string) []string {
	text := "the profile says " + rule
	if reason != "" {
		text += ": " + reason
	}
	return []string{text, "the rule is of " + r.Owner}
}

// Outside is the finding about a value that is out of a limit, without its place.
func (r *Rules) Outside(l *Limit, value, problem string) diag.Finding {
	finding := diag.Finding{
		Code: diag.OutsideLimit, Related: []diag.Source{l.At},
		Message: fmt.Sprintf("%s: %s %s; allowed: %s", l.Path, value, problem, l.Range()),
		Because: r.Because(l.String(), l.Reason),
	}
	if instead := l.Nearest(value); instead != "" {
		finding.Try = l.Path + ": " + instead
	} else if slices.Contains(l.Denied, value) {
		finding.Try = fmt.Sprintf("%s without %s", l.Path, value)
	}
	return finding
}

// Missing is the finding about a required setting that nobody sets, without its place.
func (r *Rules) Missing(l *Limit, why string) diag.Finding {
	finding := diag.Finding{
		Code: diag.RequiredSetting, Related: []diag.Source{l.At},
		Message: fmt.Sprintf("%s is required and %s", l.Path, why),
		Because: r.Because(l.String(), l.Reason),
		Try:     l.Path + ": …",
	}
	if allowed := l.Range(); allowed != "" {
		finding.Message += "; allowed: " + allowed
	}
	return finding
}

// Breach is the finding about a locked field that somebody else sets, without its place.
func (r *Rules) Breach(l *Lock, what, try string) diag.Finding {
	field := l.Path
	if strings.HasPrefix(what, field+" ") {
		field = "it"
	}
	return diag.Finding{
		Code: diag.LockedField, Related: []diag.Source{l.At},
		Message: fmt.Sprintf("%s, and only the platform may set %s", what, field),
		Because: r.Because(l.String(), l.Reason),
		Try:     try,
	}
}
