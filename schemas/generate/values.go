package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
)

// value says what may be written as the value of a field.
func (f *field) value() string {
	text := f.shape.value(f.name, f.rules)
	if f.rules.Required {
		text += "; required"
	}
	return text
}

func (s *shape) value(name string, rules v1alpha1.Rules) string {
	switch s.form {
	case boolean:
		return "boolean"
	case integer:
		return "number" + span(rules, " ")
	case word:
		if len(rules.Enum) > 0 {
			return orList(codes(rules.Enum))
		}
		return "text"
	case scalar:
		return "[" + syntaxes()[s.scalar].name + "](#values)"
	case list:
		if s.elem.form == mapping && len(s.elem.forms()) > 1 {
			return "list, each entry a " + s.elem.value(name, itemRules(rules)) + entries(rules)
		}
		return "list of " + plural(s.elem.value(name, itemRules(rules))) + entries(rules)
	case keyed:
		return fmt.Sprintf("one %s per %s", s.elem.value(name, itemRules(rules)), keyNames()[name]) + entries(rules)
	case free, mapping:
	}
	if rules.Mapping {
		return "mapping"
	}
	return orList(s.forms())
}

// forms lists what may stand for a block.
func (s *shape) forms() []string {
	var words []string
	if s.block == nil {
		return []string{"mapping"}
	}
	if s.block.short != "" {
		words = append(words, "["+syntaxes()[s.block.short].name+"](#values)")
	}
	for _, form := range s.block.forms {
		if form != "preset" {
			words = append(words, "`"+form+"`")
			continue
		}
		for _, p := range s.block.presets {
			words = append(words, "`"+p.name+"`")
		}
		words = append(words, "a preset of the profile")
	}
	if words == nil {
		return []string{"mapping"}
	}
	return append(words, "a mapping")
}

// plural makes a list out of what one entry is.
func plural(text string) string {
	switch {
	case text == "text", strings.HasPrefix(text, "`"):
		return text
	case text == "mapping":
		return "mappings"
	case strings.HasPrefix(text, "number"):
		return "numbers" + strings.TrimPrefix(text, "number")
	case strings.HasPrefix(text, "["):
		return strings.Replace(text, "](", "s](", 1)
	}
	return text
}

func entries(rules v1alpha1.Rules) string {
	if rules.Min == nil && rules.Max == nil {
		return ""
	}
	return span(rules, ", ") + " entries"
}

func span(rules v1alpha1.Rules, before string) string {
	switch {
	case rules.Min != nil && rules.Max != nil:
		return fmt.Sprintf("%s%d to %d", before, *rules.Min, *rules.Max)
	case rules.Min != nil:
		return fmt.Sprintf("%s%d or more", before, *rules.Min)
	case rules.Max != nil:
		return fmt.Sprintf("%s%d or less", before, *rules.Max)
	}
	return ""
}

func codes(words []string) []string {
	out := slices.Clone(words)
	for i := range out {
		out[i] = "`" + out[i] + "`"
	}
	return out
}

func orList(words []string) string { return joined(words, "or") }

func andList(words []string) string { return joined(words, "and") }

func joined(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " " + last + " " + words[len(words)-1]
}
