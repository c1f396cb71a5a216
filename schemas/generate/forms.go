package main

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
)

// mapping is the schema of a block, with the short forms that may stand in its place.
func (s *schemaWriter) mapping(b *block) (object, error) {
	full, err := s.block(b)
	if err != nil {
		return nil, err
	}
	var forms []any
	if b.short != "" {
		short, err := scalarSchema(b.short, v1alpha1.Rules{})
		if err != nil {
			return nil, err
		}
		forms = append(forms, short)
	}
	if len(b.forms) > 0 {
		forms = append(forms, switchForms(b)...)
	}
	if len(forms) == 0 {
		return full, nil
	}
	if b.short != "" { // Nothing is read as a missing text here, not as an empty mapping.
		full[0].value = "object"
	}
	return object{{"anyOf", append(forms, full)}}, nil
}

// block is the schema of the mapping form alone. Nothing at all is an empty mapping, unless a field is required or nothing
// could be taken for one of the short forms.
func (s *schemaWriter) block(b *block) (object, error) {
	properties := object{}
	var required []any
	for _, f := range b.fields {
		schema, err := s.field(f)
		if err != nil {
			return nil, err
		}
		properties = append(properties, member{f.name, schema})
		if f.rules.Required {
			required = append(required, f.name)
		}
	}
	kind := any([]any{"object", "null"})
	if required != nil || len(b.forms) > 0 {
		kind = "object"
	}
	out := object{{"type", kind}, {"additionalProperties", false}}
	if required != nil {
		out.set("required", required)
	}
	return append(out, member{"properties", properties}), nil
}

// switchForms are the short forms of a block. Any word may be a preset as far as reading goes; the ones that exist are
// listed so that editors offer them.
func switchForms(b *block) []any {
	var out []any
	booleans := slices.DeleteFunc(slices.Clone(b.forms), func(form string) bool { return form == "preset" })
	switch len(booleans) {
	case 1:
		out = append(out, object{{"const", booleans[0] == "true"}})
	case 2:
		out = append(out, object{{"type", "boolean"}})
	}
	if !slices.Contains(b.forms, "preset") {
		return out
	}
	var names, meanings []any
	for _, p := range b.presets {
		names = append(names, p.name)
		meanings = append(meanings, p.fields)
	}
	if names != nil {
		out = append(out, object{{"enum", names}, {"enumDescriptions", meanings}})
	}
	return append(out, object{{"type", "string"}, {"minLength", 1}})
}

// variable lets a text pass that is not known before Flux fills it in. What it may stand for, only a build can say.
const variable = `|\$\{`

// scalarSchema is the schema of a type with a syntax of its own.
func scalarSchema(name string, rules v1alpha1.Rules) (object, error) {
	syntax, ok := syntaxes()[name]
	if !ok {
		return nil, fmt.Errorf("the syntax of %s is not known; add it to syntaxes", name)
	}
	text := object{{"type", "string"}, {"pattern", syntax.pattern + variable}, {"patternErrorMessage", syntax.mismatch}}
	if syntax.longest > 0 {
		text.set("maxLength", syntax.longest)
	}
	if syntax.numbers == nil || rules.Quoted {
		return text, nil
	}
	number := object{{"type", "number"}}
	if syntax.numbers.whole {
		number = object{{"type", "integer"}}
	}
	if syntax.numbers.min != syntax.numbers.max {
		number = append(number, member{"minimum", syntax.numbers.min}, member{"maximum", syntax.numbers.max})
	}
	if syntax.numbers.positive {
		number.set("exclusiveMinimum", 0)
	}
	forms := []any{text, number}
	if syntax.booleans {
		forms = append(forms, object{{"type", "boolean"}})
	}
	return object{{"anyOf", forms}}, nil
}
