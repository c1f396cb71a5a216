package cluster

import "github.com/meshfn/meshfn/fn/internal/diag"

// Said reports whether an earlier stage has a finding of a code that is about a place or points at it.
func (v *View) Said(code diag.Code, place diag.Source) bool { return v.said[code][place] }

func (v *View) remember(findings diag.List) {
	v.said = map[diag.Code]map[diag.Source]bool{}
	for i := range findings {
		finding := &findings[i]
		places := v.said[finding.Code]
		if places == nil {
			places = map[diag.Source]bool{}
			v.said[finding.Code] = places
		}
		places[finding.Source] = true
		for _, related := range finding.Related {
			places[related] = true
		}
	}
}
