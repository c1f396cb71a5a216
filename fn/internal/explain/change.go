package explain

import (
	"reflect"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
)

// odd is added to numbers: a number that nobody writes, so that what was different does not become the same.
const odd = 7919

// change turns a value into another one of the same shape, and reports whether there is one.
func change(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int32, reflect.Int64:
		if v.Type() == reflect.TypeFor[v1alpha1.Duration]() {
			v.SetInt(v.Int() + odd*1_000_000)
			break
		}
		v.SetInt(v.Int() + odd)
	case reflect.String:
		v.SetString(v.String() + "~")
	case reflect.Pointer:
		return changePointer(v)
	case reflect.Slice:
		return changeList(v)
	case reflect.Map:
		return changeMap(v)
	case reflect.Struct:
		changed := false
		for i := range v.NumField() {
			changed = v.Field(i).CanSet() && change(v.Field(i)) || changed
		}
		return changed
	default:
		return false
	}
	return true
}

func changePointer(v reflect.Value) bool {
	if v.IsNil() {
		return false
	}
	other := reflect.New(v.Type().Elem())
	other.Elem().Set(v.Elem())
	v.Set(other)
	return change(other.Elem())
}

func changeList(v reflect.Value) bool {
	other, changed := reflect.MakeSlice(v.Type(), v.Len(), v.Len()), false
	reflect.Copy(other, v)
	for i := range other.Len() {
		changed = change(other.Index(i)) || changed
	}
	v.Set(other)
	return changed
}

func changeMap(v reflect.Value) bool {
	other, changed := reflect.MakeMap(v.Type()), false
	for _, key := range v.MapKeys() {
		value := reflect.New(v.Type().Elem()).Elem()
		value.Set(v.MapIndex(key))
		changed = change(value) || changed
		other.SetMapIndex(key, value)
	}
	v.Set(other)
	return changed
}

// with runs a function while spots have other values, and puts them back.
func with(spots []*spot, unset bool, run func()) {
	kept := make([]reflect.Value, 0, len(spots))
	target := func(s *spot) reflect.Value {
		if unset && s.whole.IsValid() {
			return s.whole
		}
		return s.value
	}
	for _, s := range spots {
		v := target(s)
		before := reflect.New(v.Type()).Elem()
		before.Set(v)
		kept = append(kept, before)
		if unset {
			v.SetZero()
		} else {
			change(v)
		}
	}
	run()
	for i, s := range spots {
		target(s).Set(kept[i])
	}
}
