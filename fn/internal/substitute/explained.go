package substitute

import (
	"fmt"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Explained says of findings with which samples they were found. What a machine could put there would lose the variable.
func (v *Variables) Explained(findings diag.List) diag.List {
	for i := range findings {
		f := &findings[i]
		for _, one := range v.used {
			if one.from != "" && v.about(one, f) {
				f.Because = append(f.Because, fmt.Sprintf("%s is taken to be %q, by %s", one.text, one.sample, one.from))
				if f.Proposed != "" { // It would take the place of the variable.
					f.Proposed, f.Try = "", "correct what stands around it, or the sample"
				}
			}
		}
	}
	return findings
}

// about reports whether a variable has a part in a finding.
func (v *Variables) about(one *used, f *diag.Finding) bool {
	for _, at := range one.at {
		if same(at, f.Source) && (at.Field == f.Source.Field ||
			one.sample != "" && diag.Within(at.Field, f.Source.Field) && strings.Contains(f.Message, one.sample)) {
			return true
		}
	}
	return false
}

// same reports whether two places are in one document.
func same(a, b diag.Source) bool {
	return a.File == b.File && a.Index == b.Index && a.Resource == b.Resource
}

// Followed lists the names of the variables.
func (v *Variables) Followed() []string {
	names := make([]string, 0, len(v.used))
	for _, one := range v.used {
		names = append(names, one.name)
	}
	return names
}

// Holds reports whether the value at a place of our own documents holds a variable.
func (v *Variables) Holds(at diag.Source) bool { return v.at(at) != nil }

func (v *Variables) at(at diag.Source) *scalar {
	for i := range v.scalars {
		if same(v.scalars[i].at, at) && v.scalars[i].at.Field == at.Field {
			return &v.scalars[i]
		}
	}
	return nil
}

// Decided says that a value cannot be a variable: the one at a place, or else a variable wherever it stands.
func (v *Variables) Decided(name string, at *diag.Source, shown string) diag.Finding {
	finding := diag.Finding{
		Code:    diag.DecidedByVariable,
		Because: []string{shown},
		Try:     "write the value itself; where clusters differ, patch this document in the overlay of each, or give each a MeshProfile of its own",
	}
	what := "this value"
	if at != nil {
		finding.Source = *at
		if value := v.at(*at); value != nil {
			what = fmt.Sprintf("%q", value.text)
		}
	}
	if one := v.find(name); one != nil {
		what = one.text
		if at == nil || !v.Holds(*at) {
			finding.Source, finding.Related = one.at[0], one.at[1:]
		}
	}
	finding.Message = what + " cannot be left to Flux here: its value decides what is generated"
	return finding
}
