package compare

import (
	"reflect"
	"testing"
)

// TestJoin keeps every list of every comparison.
func TestJoin(t *testing.T) {
	full := func() *Comparison {
		c := &Comparison{Old: "old", New: "new"}
		value := reflect.ValueOf(c).Elem()
		for i := range value.NumField() {
			if field := value.Field(i); field.Kind() == reflect.Slice {
				field.Set(reflect.MakeSlice(field.Type(), 2, 9))
			}
		}
		return c
	}
	first, second := full(), full()
	joined := reflect.ValueOf(Join([]*Comparison{first, second, {}})).Elem()
	for i := range joined.NumField() {
		switch field := joined.Field(i); field.Kind() {
		case reflect.Slice:
			if field.Len() != 4 {
				t.Errorf("%s has %d elements", joined.Type().Field(i).Name, field.Len())
			}
		case reflect.String:
			if field.String() != reflect.ValueOf(first).Elem().Field(i).String() {
				t.Errorf("%s is %q", joined.Type().Field(i).Name, field.String())
			}
		default:
			t.Errorf("Join does not know what to do with %s", joined.Type().Field(i).Name)
		}
	}
	if !reflect.DeepEqual(first, full()) {
		t.Error("the first comparison has changed")
	}
}
