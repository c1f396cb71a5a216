package expand

import (
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/substitute"
)

// blame finds the value that cannot be a variable. A run that was refused says where it stands; otherwise each variable is
// tried alone.
func (f *follower) blame(d *difference) diag.List {
	if d.variable != "" {
		return diag.List{f.variables.Decided(d.variable, d.at, d.where())}
	}
	var told diag.List
	for _, one := range d.more {
		if f.variables.Holds(*one.at) {
			told = append(told, f.variables.Decided("", one.at, one.where()))
		}
	}
	if len(told) > 0 {
		return told
	}
	for _, values := range append([]substitute.Values{f.variables.Near()}, f.variables.Others()...) {
		for _, name := range f.variables.Followed() {
			if _, alone := f.try(f.variables.Only(name, values)); alone != nil && !alone.ruled {
				f.blamed = name
				return diag.List{f.variables.Decided(name, alone.at, alone.where())}
			}
		}
	}
	return diag.List{f.variables.Decided("", d.at, d.where())}
}
