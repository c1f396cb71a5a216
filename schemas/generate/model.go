package main

import (
	"encoding"
	"fmt"
	"reflect"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
)

// kind is one kind of document.
type kind struct {
	name string
	root *block
	// named says that a document without metadata.name is refused. The reader leaves that to the stage that needs it.
	named bool
}

// file is the name of the kind's schema, which kubeconform finds by a template.
func (k *kind) file() string {
	return v1alpha1.Group + "_" + strings.ToLower(k.name) + "." + v1alpha1.Version + ".json"
}

// block is a mapping with known fields.
type block struct {
	goName  string
	doc     doc
	forms   []string // what may stand instead of a mapping: true, false, preset
	presets []preset
	short   string // the scalar type that may stand instead of a mapping, empty when none
	fields  []*field
}

// preset is a word that stands for a mapping.
type preset struct{ name, fields string }

// field is one field of a block.
type field struct {
	name   string // in YAML
	goName string // Type.Field
	group  string // the embedded struct that brings it into several blocks, empty for a field of the block itself
	doc    doc
	rules  v1alpha1.Rules
	shape  shape
	of     string // the kind, where another kind has a field of the same path
}

// form is how a value is written.
type form int

const (
	boolean form = iota
	integer
	word
	scalar // text with a syntax of its own
	list
	keyed // a mapping with free keys
	free  // a mapping that is not ours to judge
	mapping
)

// shape is what may stand as the value of a field.
type shape struct {
	form   form
	bits   int    // of an integer
	scalar string // the type with a syntax of its own
	elem   *shape // of a list or a keyed mapping
	block  *block // of a mapping
}

// inner is the block that the fields below a value belong to: its own, or that of its entries. It is nil when there is
// nothing below.
func (s *shape) inner() *block {
	for s.elem != nil {
		s = s.elem
	}
	return s.block
}

// builder makes the model of the API by reflection.
type builder struct {
	docs   docs
	blocks map[reflect.Type]*block
}

func buildKinds(comments docs) ([]*kind, error) {
	b := &builder{docs: comments, blocks: map[reflect.Type]*block{}}
	mesh, err := b.block(reflect.TypeFor[v1alpha1.Mesh]())
	if err != nil {
		return nil, err
	}
	profile, err := b.block(reflect.TypeFor[v1alpha1.MeshProfile]())
	if err != nil {
		return nil, err
	}
	catalog, err := b.block(reflect.TypeFor[v1alpha1.MeshCatalog]())
	if err != nil {
		return nil, err
	}
	return []*kind{
		{name: v1alpha1.KindMesh, root: mesh, named: true},
		{name: v1alpha1.KindMeshProfile, root: profile},
		{name: v1alpha1.KindMeshCatalog, root: catalog},
	}, nil
}

func (b *builder) block(t reflect.Type) (*block, error) {
	if known, ok := b.blocks[t]; ok {
		return known, nil
	}
	out := &block{goName: t.Name(), doc: b.docs[t.Name()]}
	b.blocks[t] = out
	out.forms, _, _ = v1alpha1.SwitchForms(t)
	for _, r := range out.doc.rows {
		if name, ok := strings.CutPrefix(r.label, rowPreset); ok {
			out.presets = append(out.presets, preset{name, r.text})
		}
	}
	if isText(t) {
		out.short = t.Name()
	}
	fields, err := b.fields(t, "")
	out.fields = fields
	return out, err
}

// fields lists the fields of a struct, those of embedded structs in their place.
func (b *builder) fields(t reflect.Type, group string) ([]*field, error) {
	var out []*field
	for goField := range t.Fields() {
		name, ok := v1alpha1.FieldName(goField)
		switch {
		case !ok:
			continue
		case name == "":
			embedded := group
			if _, settings := groupTitles()[goField.Type.Name()]; settings && embedded == "" {
				embedded = goField.Type.Name()
			}
			fields, err := b.fields(goField.Type, embedded)
			if err != nil {
				return nil, err
			}
			out = append(out, fields...)
			continue
		}
		added, err := b.field(t, goField, name)
		if err != nil {
			return nil, err
		}
		added.group = group
		out = append(out, added)
	}
	return out, nil
}

func (b *builder) field(owner reflect.Type, goField reflect.StructField, name string) (*field, error) {
	out := &field{
		name: name, goName: owner.Name() + "." + goField.Name,
		rules: v1alpha1.RulesOf(goField.Tag),
	}
	out.doc = b.docs[out.goName].named(goField.Name, "`"+name+"`")
	shape, err := b.shape(goField.Type)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", out.goName, err)
	}
	out.shape = *shape
	if inner := out.shape.inner(); inner != nil {
		out.doc = out.doc.with(inner.doc.further())
	}
	return out, nil
}

// shape follows the strict reader: a type with a syntax of its own comes before its kind.
func (b *builder) shape(t reflect.Type) (*shape, error) {
	if t.Kind() == reflect.Pointer {
		return b.shape(t.Elem())
	}
	if isText(t) && t.Kind() != reflect.Struct {
		return &shape{form: scalar, scalar: t.Name()}, nil
	}
	switch t.Kind() {
	case reflect.Struct:
		inner, err := b.block(t)
		return &shape{form: mapping, block: inner}, err
	case reflect.Map:
		if t.Elem().Kind() == reflect.Interface {
			return &shape{form: free}, nil
		}
		elem, err := b.shape(t.Elem())
		return &shape{form: keyed, elem: elem}, err
	case reflect.Slice:
		elem, err := b.shape(t.Elem())
		return &shape{form: list, elem: elem}, err
	case reflect.Bool:
		return &shape{form: boolean}, nil
	case reflect.Int32, reflect.Int64:
		return &shape{form: integer, bits: t.Bits()}, nil
	case reflect.String:
		return &shape{form: word}, nil
	}
	return nil, fmt.Errorf("the reader does not know values of type %s", t)
}

func isText(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}
