package main

import (
	"fmt"
	"math"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
)

// published is where editors find the schemas.
const published = "https://raw.githubusercontent.com/meshfn/meshfn/main/schemas/"

// schemaWriter turns kinds into JSON Schemas of draft 07, the one that every editor and kubeconform know.
type schemaWriter struct {
	definitions object // of the fields that several blocks share
}

func (k *kind) schema() ([]byte, error) {
	s := &schemaWriter{}
	root, err := s.block(k.root)
	if err != nil {
		return nil, err
	}
	properties := root.get("properties").(object)
	k.pin(properties)
	out := object{
		{"$schema", "http://json-schema.org/draft-07/schema#"},
		{"$id", published + k.file()},
		{"$comment", "Generated from fn/api by `go generate ./schemas`; change the Go types instead."},
		{"title", k.name},
		{"description", k.root.doc.named(k.root.goName, k.name).plain()},
		{"type", "object"},
		{"additionalProperties", false},
		{"required", k.required()},
		{"properties", properties},
	}
	if len(s.definitions) > 0 {
		out.set("definitions", s.definitions)
	}
	return printJSON(out)
}

// required lists what no document may lack: apiVersion and kind, by which the reader knows that it is one of ours.
func (k *kind) required() []any {
	if k.named {
		return []any{"apiVersion", "kind", "metadata"}
	}
	return []any{"apiVersion", "kind"}
}

// pin adds what the Go types of a document do not say: the words by which the reader finds the type at all, and that a
// Mesh needs a name.
func (k *kind) pin(properties object) {
	constant := func(text string) func(any) any {
		return func(property any) any { return append(object{{"const", text}}, property.(object)...) }
	}
	properties.change("apiVersion", constant(v1alpha1.GroupVersion))
	properties.change("kind", constant(k.name))
	if k.named {
		properties.change("metadata", requireName)
	}
}

func requireName(metadata any) any {
	out := metadata.(object)
	out.change("type", func(any) any { return "object" })
	out.change("properties", func(properties any) any {
		properties.(object).change("name", func(name any) any { return append(name.(object), member{"minLength", 1}) })
		return properties
	})
	out.set("required", []any{"name"})
	return out
}

// field is the schema of a field with its description. A field that several blocks share is a definition.
func (s *schemaWriter) field(f *field) (object, error) {
	if f.group == "" {
		return s.described(f)
	}
	reference := object{{"$ref", "#/definitions/" + f.name}}
	if s.definitions.get(f.name) != nil {
		return reference, nil
	}
	described, err := s.described(f)
	if err != nil {
		return nil, err
	}
	s.definitions.set(f.name, described)
	return reference, nil
}

func (s *schemaWriter) described(f *field) (object, error) {
	out := object{}
	out.set("description", f.doc.plain())
	out.set("markdownDescription", f.doc.markdown())
	examples, err := f.examples()
	if err != nil {
		return nil, err
	}
	if examples != nil {
		out.set("examples", examples)
	}
	shape, err := s.shape(&f.shape, f.rules)
	return append(out, shape...), err
}

// examples are the values that editors offer beyond those they find themselves.
func (f *field) examples() ([]any, error) {
	if f.shape.form == boolean || f.shape.form == word && len(f.rules.Enum) > 0 {
		return nil, nil
	}
	text, err := f.example()
	if err != nil || text == "" {
		return nil, err
	}
	var value any
	if err := yaml.Unmarshal([]byte(text), &value); err != nil {
		return nil, fmt.Errorf("%s: the example is not YAML: %w", f.goName, err)
	}
	return []any{value}, nil
}

// shape says what may stand as a value. Like the reader, it takes nothing (`web:`) for an empty mapping, and for nothing
// else.
func (s *schemaWriter) shape(shape *shape, rules v1alpha1.Rules) (object, error) {
	switch shape.form {
	case boolean:
		return object{{"type", "boolean"}}, nil
	case integer:
		return integerSchema(shape.bits, rules), nil
	case word:
		return wordSchema(rules), nil
	case scalar:
		return scalarSchema(shape.scalar, rules)
	case mapping:
		if rules.Mapping {
			return s.block(shape.block)
		}
		return s.mapping(shape.block)
	case free: // The reader looks at nothing inside, not even at how much there is.
		return object{{"type", orNull(v1alpha1.Rules{})}}, nil
	case keyed:
		inner, err := s.shape(shape.elem, itemRules(rules))
		return sized(object{{"type", orNull(rules)}, {"additionalProperties", inner}}, "Properties", rules), err
	case list:
		inner, err := s.shape(shape.elem, itemRules(rules))
		return sized(object{{"type", "array"}, {"items", inner}}, "Items", rules), err
	}
	return nil, fmt.Errorf("no schema for form %d", shape.form)
}

// itemRules are the rules of the entries of a list or a keyed mapping.
func itemRules(rules v1alpha1.Rules) v1alpha1.Rules {
	return v1alpha1.Rules{Min: rules.ItemMin, Max: rules.ItemMax, Enum: rules.Enum, Quoted: rules.Quoted, Mapping: rules.Mapping}
}

// orNull is the type of a mapping: nothing at all is an empty one, unless that has too few entries.
func orNull(rules v1alpha1.Rules) any {
	if rules.Min != nil && *rules.Min > 0 {
		return "object"
	}
	return []any{"object", "null"}
}

func sized(out object, what string, rules v1alpha1.Rules) object {
	if rules.Min != nil {
		out.set("min"+what, *rules.Min)
	}
	if rules.Max != nil {
		out.set("max"+what, *rules.Max)
	}
	return out
}

func integerSchema(bits int, rules v1alpha1.Rules) object {
	least, most := int64(math.MinInt64), int64(math.MaxInt64)
	if bits == 32 {
		least, most = math.MinInt32, math.MaxInt32
	}
	if rules.Min != nil {
		least = *rules.Min
	}
	if rules.Max != nil {
		most = *rules.Max
	}
	return object{{"type", "integer"}, {"minimum", least}, {"maximum", most}}
}

func wordSchema(rules v1alpha1.Rules) object {
	out := object{{"type", "string"}}
	if len(rules.Enum) > 0 {
		out.set("enum", anys(rules.Enum))
	} else if rules.Required {
		out.set("minLength", 1)
	}
	return out
}

func anys(words []string) []any {
	out := make([]any, 0, len(words))
	for _, entry := range words {
		out = append(out, entry)
	}
	return out
}
