package resolve

import (
	"encoding"
	"reflect"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// layer is one layer of settings about to be merged.
type layer struct {
	name spec.Layer
	at   spec.Located // nil for the built-in layer
}

// merger lays blocks of settings over each other, field by field, by reflection over the API types: a new setting needs
// no merging code. A mapping merges by key, a list replaces, and `false` clears.
type merger struct {
	origins spec.Origins
	problem func(diag.Finding)
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
		m.origins[path] = l.origin(path, "")
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
	_, index, hasSwitch := v1alpha1.SwitchForms(src.Type().Elem())
	note := ""
	if hasSwitch {
		if _, _, had := v1alpha1.SwitchForms(dst.Type().Elem()); had && !dst.IsNil() && switchOf(dst, index).Off() {
			dst.SetZero()
			m.clear(path)
		}
		written := switchOf(src, index)
		if written.Off() {
			m.clear(path)
			dst.Set(src)
			m.origins[path] = l.origin(path, "false")
			return
		}
		src, note = m.expand(src, written, path, l)
	}
	if dst.IsNil() {
		dst.Set(reflect.New(dst.Type().Elem()))
	}
	inner := layer{name: l.name, at: l.at}
	if note != "" { // Everything in an expanded short form is where the short form stands.
		inner.at = func(string) diag.Source { return l.at(path) }
	}
	if _, ok := m.origins[path]; !ok || note != "" {
		m.origins[path] = l.origin(path, note)
	}
	m.merge(dst.Elem(), src.Elem(), path, inner)
	if note != "" {
		m.annotate(path, note, l)
	}
}

// annotate notes at every value of an expanded short form what was written.
func (m *merger) annotate(path, note string, l layer) {
	at := l.at(path)
	for field, origin := range m.origins {
		if origin.Layer == l.name && origin.At == at && (field == path || len(field) > len(path) && field[:len(path)+1] == path+".") {
			origin.Note = note
			m.origins[field] = origin
		}
	}
}

func (m *merger) keys(dst, src reflect.Value, path string, l layer) {
	if dst.IsNil() {
		dst.Set(reflect.MakeMap(dst.Type()))
	}
	for _, key := range src.MapKeys() {
		dst.SetMapIndex(key, src.MapIndex(key))
		field := diag.Join(path, key.String())
		m.origins[field] = l.origin(field, "")
	}
}

// clear forgets who set the fields of a block that a higher layer turned off.
func (m *merger) clear(path string) {
	for field := range m.origins {
		if field == path || len(field) > len(path) && field[:len(path)+1] == path+"." {
			delete(m.origins, field)
		}
	}
}

func switchOf(block reflect.Value, index int) v1alpha1.Switch {
	return block.Elem().Field(index).Interface().(v1alpha1.Switch)
}

func (l layer) origin(path, note string) spec.Origin {
	origin := spec.Origin{Layer: l.name, Note: note}
	if l.at != nil {
		origin.At = l.at(path)
	}
	return origin
}
