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
		if v.Len() == 0 { // There is nothing, and so nobody is the cause of it.
			return false
		}
		v.SetString(v.String() + "~")
	case reflect.Pointer:
		return changePointer(v)
	case reflect.Slice:
		return changeList(v)
	case reflect.Map:
		return changeMap(v)
	case reflect.Struct:
		changed := false
		for _, field := range v.Fields() {
			changed = field.CanSet() && change(field) || changed
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
	kept := map[any]func(){} // what has two origins is a spot twice
	for _, s := range spots {
		v := s.value
		if unset && s.whole.IsValid() {
			v = s.whole
		}
		address := v.Addr().Interface()
		if kept[address] != nil {
			continue
		}
		before := reflect.New(v.Type()).Elem()
		before.Set(v)
		kept[address] = func() { v.Set(before) }
		if unset {
			v.SetZero()
		} else {
			change(v)
		}
	}
	run()
	for _, restore := range kept {
		restore()
	}
}
