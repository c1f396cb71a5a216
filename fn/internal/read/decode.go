package read

import (
	"encoding"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// decoder fills a typed document from its YAML, by the types and tags of package v1alpha1, and collects every problem.
type decoder struct {
	item     *item.Item
	findings diag.List
}

func decode[T any](it *item.Item) (*spec.Document[T], diag.List) {
	document := &spec.Document[T]{Item: it}
	d := &decoder{item: it}
	root, err := it.Node()
	if err != nil {
		d.report(diag.NotYAML, &yaml.Node{}, "", err.Error(), "")
		return document, d.findings
	}
	d.value(root, reflect.ValueOf(&document.Value).Elem(), "", v1alpha1.Rules{})
	return document, d.findings
}

func (d *decoder) value(node *yaml.Node, target reflect.Value, path string, rules v1alpha1.Rules) {
	node = followed(node)
	if target.Kind() == reflect.Pointer {
		fresh := reflect.New(target.Type().Elem())
		d.value(node, fresh.Elem(), path, rules)
		target.Set(fresh)
		return
	}
	if _, ok := reflect.TypeAssert[encoding.TextUnmarshaler](target.Addr()); ok && d.text(node, target, path, rules) {
		return
	}
	switch target.Kind() {
	case reflect.Struct:
		d.block(node, target, path, rules)
	case reflect.Map:
		d.keyed(node, target, path, rules)
	case reflect.Slice:
		d.list(node, target, path, rules)
	default:
		d.scalar(node, target, path, rules)
	}
}

// block reads a mapping with known fields, or one of the short forms of a Switch.
func (d *decoder) block(node *yaml.Node, target reflect.Value, path string, rules v1alpha1.Rules) {
	forms, index, hasSwitch := v1alpha1.SwitchForms(target.Type())
	if rules.Mapping {
		if hasSwitch && d.nothing(node) {
			d.report(diag.WrongType, node, path, "it has no value", "a mapping")
			return
		}
		forms, hasSwitch = nil, false
	}
	if hasSwitch && node.Kind == yaml.ScalarNode {
		d.short(node, target.Field(index).Addr().Interface().(*v1alpha1.Switch), forms, path)
		return
	}
	if !d.nothing(node) && node.Kind != yaml.MappingNode {
		d.report(diag.WrongType, node, path, describe(node)+" stands where a mapping is expected", allowedForms(forms))
		return
	}
	fields := map[string]reflect.Value{}
	tags := map[string]v1alpha1.Rules{}
	fieldsOf(target, fields, tags)
	seen := map[string]bool{}
	for _, entry := range entriesOf(node) {
		name := entry.key.Value
		field, ok := fields[name]
		if !ok {
			d.unknown(entry.key, path, slices.Collect(maps.Keys(fields)))
			continue
		}
		seen[name] = true
		d.value(entry.value, field, diag.Join(path, name), tags[name])
	}
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		if tags[name].Required && !seen[name] {
			d.missing(node, path, name, tags[name])
		}
	}
}

// fieldsOf lists the fields of a struct by their YAML name, those of embedded structs included.
func fieldsOf(target reflect.Value, fields map[string]reflect.Value, rules map[string]v1alpha1.Rules) {
	for i := range target.NumField() {
		field := target.Type().Field(i)
		name, ok := v1alpha1.FieldName(field)
		switch {
		case !ok:
		case name == "":
			fieldsOf(target.Field(i), fields, rules)
		default:
			fields[name], rules[name] = target.Field(i), v1alpha1.RulesOf(field.Tag)
		}
	}
}

func (d *decoder) keyed(node *yaml.Node, target reflect.Value, path string, rules v1alpha1.Rules) {
	if !d.nothing(node) && node.Kind != yaml.MappingNode {
		d.report(diag.WrongType, node, path, describe(node)+" stands where a mapping is expected", "names with values below them")
		return
	}
	if target.Type().Elem().Kind() == reflect.Interface {
		d.free(node, target, path)
		return
	}
	entries := entriesOf(node)
	target.Set(reflect.MakeMapWithSize(target.Type(), len(entries)))
	for _, entry := range entries {
		value := reflect.New(target.Type().Elem()).Elem()
		d.value(entry.value, value, diag.Join(path, entry.key.Value), itemRules(rules))
		target.SetMapIndex(reflect.ValueOf(entry.key.Value), value)
	}
	d.length(node, len(entries), path, rules)
}

// free keeps a part of the document whose content is not ours to judge.
func (d *decoder) free(node *yaml.Node, target reflect.Value, path string) {
	if err := node.Decode(target.Addr().Interface()); err != nil {
		d.report(diag.WrongType, node, path, strings.TrimPrefix(err.Error(), "yaml: "), "a mapping")
	}
}

func (d *decoder) list(node *yaml.Node, target reflect.Value, path string, rules v1alpha1.Rules) {
	if node.Kind != yaml.SequenceNode {
		allowed := "a list"
		if node.Kind == yaml.ScalarNode && !isNull(node) {
			allowed = fmt.Sprintf("a list, such as [%s]", node.Value)
		}
		d.report(diag.WrongType, node, path, describe(node)+" stands where a list is expected", allowed)
		return
	}
	target.Set(reflect.MakeSlice(target.Type(), len(node.Content), len(node.Content)))
	for i, entry := range node.Content {
		d.value(entry, target.Index(i), diag.At(path, i), itemRules(rules))
	}
	d.length(node, len(node.Content), path, rules)
}

func itemRules(rules v1alpha1.Rules) v1alpha1.Rules {
	return v1alpha1.Rules{Min: rules.ItemMin, Max: rules.ItemMax, Enum: rules.Enum, Example: rules.Example, Quoted: rules.Quoted, Mapping: rules.Mapping}
}

func (d *decoder) length(node *yaml.Node, got int, path string, rules v1alpha1.Rules) {
	if problem := outside(int64(got), rules); problem != "" {
		d.report(diag.BadValue, node, path, fmt.Sprintf("it has %d entries", got), problem+" entries")
	}
}
