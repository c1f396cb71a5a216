package resolve

import (
	"encoding"
	"encoding/json"
	"maps"
	"reflect"
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// layer is one layer of settings about to be merged.
type layer struct {
	name spec.Layer
	at   spec.Located // nil for the built-in layer
	note string       // the short form that stands for the settings, such as: preset medium
	via  spec.Located // where the profile says what the short form stands for, nil where it does not

	before spec.History // what the layer overrides
}

// merger lays blocks of settings over each other, field by field, by reflection over the API types: a new setting needs
// no merging code. A mapping merges by key, a list replaces, and `false` clears.
type merger struct {
	origins spec.Origins
	values  map[string]reflect.Value // what is set now, by field, to say later what was overridden
	presets presets
	problem func(diag.Finding)
}

func newMerger(known presets, problem func(diag.Finding)) *merger {
	return &merger{origins: spec.Origins{}, values: map[string]reflect.Value{}, presets: known, problem: problem}
}

// merge lays src over dst. Both are structs of the same type; path is the field path inside the block of settings.
func (m *merger) merge(dst, src reflect.Value, path string, l layer) {
	for i := range src.NumField() {
		field := src.Type().Field(i)
		name, ok := v1alpha1.FieldName(field)
		if !ok {
			continue
		}
		if name == "" {
			m.merge(dst.Field(i), src.Field(i), path, l)
			continue
		}
		m.field(dst.Field(i), src.Field(i), diag.Join(path, name), l)
	}
}

func (m *merger) field(dst, src reflect.Value, path string, l layer) {
	switch {
	case src.IsZero():
	case isBlock(src):
		m.block(dst, src, path, l)
	case src.Kind() == reflect.Map:
		m.keys(dst, src, path, l)
	default:
		dst.Set(src)
		m.set(path, src, l)
		if src.Kind() == reflect.Slice && l.at != nil {
			origin := m.origins[path]
			origin.Entries = &spec.Entries{At: func(i int) diag.Source { return l.at(diag.At(path, i)) }}
			m.origins[path] = origin
		}
	}
}

// isBlock reports whether a value is a pointer to a mapping of settings rather than to a single value.
func isBlock(v reflect.Value) bool {
	if v.Kind() != reflect.Pointer || v.Type().Elem().Kind() != reflect.Struct {
		return false
	}
	_, scalar := reflect.TypeAssert[encoding.TextUnmarshaler](v)
	return !scalar
}

func (m *merger) block(dst, src reflect.Value, path string, l layer) {
	short := false
	if _, index, hasSwitch := v1alpha1.SwitchForms(src.Type().Elem()); hasSwitch {
		written := switchOf(src, index)
		if written.Off() {
			m.turnOff(dst, src, path, l)
			return
		}
		if !dst.IsNil() && switchOf(dst, index).Off() {
			dst.SetZero()
			m.forget(path)
		}
		src, l, short = m.expand(src, written, path, l)
	}
	if dst.IsNil() {
		dst.Set(reflect.New(dst.Type().Elem()))
	}
	if _, ok := m.origins[path]; !ok || short {
		m.origins[path] = l.origin(path)
	}
	m.merge(dst.Elem(), src.Elem(), path, l)
}

// turnOff sets a block to `false`, which overrides everything that lower layers said in it.
func (m *merger) turnOff(dst, src reflect.Value, path string, l layer) {
	l.note = "false"
	var before spec.History
	for _, field := range slices.Sorted(maps.Keys(m.values)) {
		if diag.Within(field, path) {
			before = append(before, m.overridden(field)...)
		}
	}
	m.forget(path)
	dst.Set(src)
	m.origins[path] = l.over(before).origin(path)
}

func (m *merger) keys(dst, src reflect.Value, path string, l layer) {
	if dst.IsNil() {
		dst.Set(reflect.MakeMap(dst.Type()))
	}
	for _, key := range src.MapKeys() {
		value := src.MapIndex(key)
		dst.SetMapIndex(key, value)
		m.set(diag.Join(path, key.String()), value, l)
	}
}

// set notes who set a value, and whose value that overrode.
func (m *merger) set(path string, value reflect.Value, l layer) {
	m.origins[path], m.values[path] = l.over(m.overridden(path)).origin(path), value
}

// overridden is the history of a value that is about to be replaced, the latest last.
func (m *merger) overridden(path string) spec.History {
	value, ok := m.values[path]
	if !ok {
		return nil
	}
	before := m.origins[path]
	return append(slices.Clone(before.Before()), spec.Overridden{
		Field: path, Value: wordOf(value), Layer: before.Layer, At: before.At, Note: before.Note,
	})
}

// wordOf is a value as its author would write it.
func wordOf(value reflect.Value) string {
	if short, ok := reflect.TypeAssert[interface{ Word() string }](value); ok {
		return short.Word()
	}
	if text, ok := reflect.TypeAssert[encoding.TextMarshaler](value); ok {
		if word, err := text.MarshalText(); err == nil {
			return string(word)
		}
	}
	for value.Kind() == reflect.Pointer {
		value = value.Elem()
	}
	if value.Kind() == reflect.String {
		return value.String()
	}
	word, err := json.Marshal(value.Interface())
	if err != nil {
		return ""
	}
	var short string
	if json.Unmarshal(word, &short) == nil {
		return short
	}
	return string(word)
}

// forget drops who set the fields of a block that a higher layer turned off, or on again.
func (m *merger) forget(path string) {
	maps.DeleteFunc(m.origins, func(field string, _ spec.Origin) bool { return diag.Within(field, path) })
	maps.DeleteFunc(m.values, func(field string, _ reflect.Value) bool { return diag.Within(field, path) })
}

func switchOf(block reflect.Value, index int) v1alpha1.Switch {
	return block.Elem().Field(index).Interface().(v1alpha1.Switch)
}

func (l layer) over(before spec.History) layer {
	l.before = before
	return l
}

func (l layer) origin(path string) spec.Origin {
	origin := spec.Origin{Layer: l.name, Setting: path, Note: l.note}
	if l.before != nil {
		origin.Overrode = &l.before
	}
	if l.at != nil {
		origin.At = l.at(path)
	}
	if l.via != nil {
		origin.Via = l.via(path)
	}
	return origin
}
