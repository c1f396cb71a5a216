package compare

import (
	"reflect"
	"testing"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// TestJoin keeps every list of every comparison.
func TestJoin(t *testing.T) {
	full := func(name string) *Comparison {
		c := &Comparison{Old: "old", New: "new"}
		value := reflect.ValueOf(c).Elem()
		for _, field := range value.Fields() {
			if field.Kind() == reflect.Slice {
				field.Set(reflect.MakeSlice(field.Type(), 2, 9))
			}
		}
		c.UnbuiltErrors = 1
		c.Findings = diag.List{{Message: name + " 1"}, {Message: name + " 2"}} // The same one is said once.
		return c
	}
	first, second := full("a"), full("b")
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
		case reflect.Int:
			if field.Int() != 2 {
				t.Errorf("%s is %d", joined.Type().Field(i).Name, field.Int())
			}
		default:
			t.Errorf("Join does not know what to do with %s", joined.Type().Field(i).Name)
		}
	}
	if !reflect.DeepEqual(first, full("a")) {
		t.Error("the first comparison has changed")
	}
}
