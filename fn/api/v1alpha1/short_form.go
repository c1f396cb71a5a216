package v1alpha1

import (
	"cmp"
	"encoding/json"
)

// MarshalJSON writes a dependency as users write it: in the short form where that says everything.
func (d Dependency) MarshalJSON() ([]byte, error) {
	type mapping Dependency // without this method
	if d.External == nil && len(d.Methods)+len(d.Paths) == 0 {
		word := d.Named
		if d.Service != nil {
			word = cmp.Or(word, *d.Service)
		}
		if d.Port != nil {
			word += ":" + string(*d.Port)
		}
		return json.Marshal(word)
	}
	if d.Named != "" {
		d.Service = &d.Named
	}
	return json.Marshal(mapping(d))
}

// MarshalJSON writes a caller as users write it: in the short form where one was given.
func (c Caller) MarshalJSON() ([]byte, error) {
	type mapping Caller // without this method
	if c.Named == "" {
		return json.Marshal(mapping(c))
	}
	return json.Marshal(c.Named)
}
