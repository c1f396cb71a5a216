package read

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// text reads a scalar type with a syntax of its own. It declines when the type also has a mapping form and that is what
// was written.
func (d *decoder) text(node *yaml.Node, target reflect.Value, path string, rules v1alpha1.Rules) bool {
	if node.Kind != yaml.ScalarNode {
		if target.Kind() == reflect.Struct && node.Kind == yaml.MappingNode {
			return false
		}
		d.report(diag.WrongType, node, path, describe(node)+" stands where a single value is expected", allowedWords(target, rules))
		return true
	}
	if rules.Quoted && node.Tag != "!!str" {
		d.propose(diag.WrongType, node, path, node.Value+" is a number, which may lose digits on its way here", "text in quotes", strconv.Quote(node.Value))
		return true
	}
	kinds := []string{"!!str", "!!int", "!!float"}
	if _, any := reflect.TypeAssert[*v1alpha1.Scalar](target.Addr()); any {
		kinds = append(kinds, "!!bool")
	}
	if !slices.Contains(kinds, node.Tag) {
		proposed := ""
		if off := "off"; node.Tag == "!!bool" && strings.EqualFold(node.Value, "false") && slices.Contains(wordsOf(target), off) {
			proposed = off // YAML 1.1 reads the one as the other, and a program that does rewrites it.
		}
		d.propose(diag.WrongType, node, path, describe(node)+" stands where a value is expected", allowedWords(target, rules), proposed)
		return true
	}
	if err := target.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(node.Value)); err != nil {
		problem := v1alpha1.AsValueError(err)
		if nearest, ok := diag.Nearest(node.Value, wordsOf(target)); ok && problem.Proposed == "" {
			problem.Proposed = nearest
		}
		d.propose(diag.BadValue, node, path, problem.Problem, problem.Allowed, problem.Proposed)
	}
	return true
}

// wordsOf lists the words that a type with a syntax of its own takes, where these are all.
func wordsOf(target reflect.Value) []string {
	if worded, ok := reflect.TypeAssert[interface{ Words() []string }](target.Addr()); ok {
		return worded.Words()
	}
	return nil
}

// allowedWords says what can stand in place of something that is no single value.
func allowedWords(target reflect.Value, rules v1alpha1.Rules) string {
	words := wordsOf(target)
	switch {
	case words == nil:
		return example(rules)
	case target.Kind() == reflect.Struct:
		words = append(words, "a mapping")
	}
	return strings.Join(words, ", ")
}

func (d *decoder) scalar(node *yaml.Node, target reflect.Value, path string, rules v1alpha1.Rules) {
	if node.Kind != yaml.ScalarNode || isNull(node) {
		d.report(diag.WrongType, node, path, describe(node)+" stands where a single value is expected", example(rules))
		return
	}
	switch target.Kind() {
	case reflect.Bool:
		d.boolean(node, target, path)
	case reflect.Int32, reflect.Int64:
		d.integer(node, target, path, rules)
	default:
		d.word(node, target, path, rules)
	}
}

func (d *decoder) boolean(node *yaml.Node, target reflect.Value, path string) {
	if node.Tag != "!!bool" {
		proposed := ""
		if slices.Contains([]string{"yes", "on", "y", "1", "true"}, strings.ToLower(node.Value)) {
			proposed = "true"
		} else if slices.Contains([]string{"no", "off", "n", "0", "false"}, strings.ToLower(node.Value)) {
			proposed = "false"
		}
		d.propose(diag.WrongType, node, path, fmt.Sprintf("%q is not a boolean", node.Value), "true or false, without quotes", proposed)
		return
	}
	target.SetBool(strings.EqualFold(node.Value, "true"))
}

func (d *decoder) integer(node *yaml.Node, target reflect.Value, path string, rules v1alpha1.Rules) {
	var value int64
	if err := node.Decode(&value); err != nil || node.Tag != "!!int" {
		proposed := ""
		if number, err := strconv.ParseInt(node.Value, 10, 64); err == nil {
			proposed = strconv.FormatInt(number, 10)
		}
		d.propose(diag.WrongType, node, path, fmt.Sprintf("%q is not a whole number", node.Value), example(rules), proposed)
		return
	}
	if problem := outside(value, rules); problem != "" {
		d.report(diag.BadValue, node, path, fmt.Sprintf("%d is out of bounds", value), problem)
		return
	}
	if target.OverflowInt(value) {
		d.report(diag.BadValue, node, path, fmt.Sprintf("%d is too large", value), example(rules))
		return
	}
	target.SetInt(value)
}

func (d *decoder) word(node *yaml.Node, target reflect.Value, path string, rules v1alpha1.Rules) {
	if node.Tag != "!!str" && len(rules.Enum) > 0 {
		proposed, _ := diag.Nearest(node.Value, rules.Enum)
		d.propose(diag.WrongType, node, path, describe(node)+" stands where text is expected", strings.Join(rules.Enum, ", "), proposed)
		return
	}
	if node.Tag != "!!str" {
		d.propose(diag.WrongType, node, path, describe(node)+" stands where text is expected", "text in quotes", strconv.Quote(node.Value))
		return
	}
	if len(rules.Enum) > 0 && !slices.Contains(rules.Enum, node.Value) {
		proposed, _ := diag.Nearest(node.Value, rules.Enum)
		d.propose(diag.BadValue, node, path, fmt.Sprintf("%q is not allowed here", node.Value), strings.Join(rules.Enum, ", "), proposed)
		return
	}
	if node.Value == "" && rules.Required {
		d.report(diag.BadValue, node, path, "it is empty", example(rules))
		return
	}
	target.SetString(node.Value)
}

// short reads `true`, `false` or the name of a preset where a mapping could stand too. Which presets exist is not known
// here. No value at all could mean either of the two, so it is refused.
func (d *decoder) short(node *yaml.Node, target *v1alpha1.Switch, forms []string, path string) {
	switch {
	case d.nothing(node):
		d.report(diag.WrongType, node, path, "it has no value", allowedForms(forms))
	case node.Tag == "!!bool" && slices.Contains(forms, strings.ToLower(node.Value)):
		value := strings.EqualFold(node.Value, "true")
		target.Enabled = &value
	case node.Tag == "!!str" && node.Value != "" && slices.Contains(forms, "preset"):
		target.Preset = node.Value
	default:
		d.report(diag.WrongType, node, path, describe(node)+" is not allowed here", allowedForms(forms))
	}
}

// outside says which bounds a number breaks, or nothing.
func outside(value int64, rules v1alpha1.Rules) string {
	switch {
	case rules.Min != nil && value < *rules.Min, rules.Max != nil && value > *rules.Max:
	default:
		return ""
	}
	switch {
	case rules.Max == nil:
		return fmt.Sprintf("%d or more", *rules.Min)
	case rules.Min == nil:
		return fmt.Sprintf("%d or less", *rules.Max)
	}
	return fmt.Sprintf("%d to %d", *rules.Min, *rules.Max)
}

func example(rules v1alpha1.Rules) string {
	switch {
	case len(rules.Enum) > 0:
		return strings.Join(rules.Enum, ", ")
	case rules.Min != nil && rules.Max != nil:
		return fmt.Sprintf("%d to %d", *rules.Min, *rules.Max)
	case rules.Example != "":
		return "for example " + rules.Example
	}
	return ""
}

func allowedForms(forms []string) string {
	if len(forms) == 0 {
		return "a mapping"
	}
	words := make([]string, 0, len(forms)+1)
	for _, form := range forms {
		if form == "preset" {
			form = "the name of a preset"
		}
		words = append(words, form)
	}
	return strings.Join(append(words, "a mapping"), ", ")
}
