package spec

import (
	"encoding"
	"reflect"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Setting is one setting of the API that a rule of the profile may name: a value, or a block of them.
type Setting struct {
	Path  string
	Type  reflect.Type // of the value, without pointers; of the entries of a list
	Rules v1alpha1.Rules
	Block bool // a mapping of settings: it can be required, and has no value of its own
	List  bool
	Scale Scale
	// Unlimited says that nothing, zero or `false` means that there is no limit at all. OffUnlimited says so of the block
	// that holds the setting, written as `false`.
	Unlimited, OffUnlimited bool
}

// Settings lists all settings in the order of the API, by reflection: a new one can be limited without any code here.
func Settings() []Setting {
	var all []Setting
	settingsOf(reflect.TypeFor[v1alpha1.Defaults](), "", false, &all)
	return all
}

func settingsOf(of reflect.Type, path string, offUnlimited bool, all *[]Setting) {
	for field := range of.Fields() {
		name, ok := v1alpha1.FieldName(field)
		switch {
		case !ok:
			continue
		case name == "":
			settingsOf(field.Type, path, offUnlimited, all)
			continue
		}
		rules := v1alpha1.RulesOf(field.Tag)
		s := Setting{
			Path: diag.Join(path, name), Type: field.Type, Rules: rules, Unlimited: rules.Unlimited,
			OffUnlimited: rules.Unlimited && offUnlimited,
		}
		if s.Type.Kind() == reflect.Slice {
			s.Type, s.List = s.Type.Elem(), true
		}
		for s.Type.Kind() == reflect.Pointer {
			s.Type = s.Type.Elem()
		}
		s.Scale = scaleOf(s.Type)
		s.Block = s.Scale == Nothing && !s.List && s.Type.Kind() == reflect.Struct
		*all = append(*all, s)
		if s.Block {
			settingsOf(s.Type, s.Path, rules.Unlimited, all)
		}
	}
}

// scaleOf is how values of a type compare.
func scaleOf(of reflect.Type) Scale {
	switch {
	case of == reflect.TypeFor[v1alpha1.Duration]():
		return Durations
	case of == reflect.TypeFor[v1alpha1.Quantity]():
		return Quantities
	case of.Kind() == reflect.Float64, of.Kind() == reflect.Int32, of.Kind() == reflect.Int64:
		return Numbers
	case reflect.PointerTo(of).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return Words
	}
	switch of.Kind() {
	case reflect.Bool:
		return Booleans
	case reflect.String:
		return Words
	}
	return Nothing
}
