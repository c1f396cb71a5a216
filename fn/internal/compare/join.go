package compare

import "reflect"

// Join makes one comparison of several that have nothing to do with each other, such as those of two clusters. The names are
// those of the first.
func Join(all []*Comparison) *Comparison {
	joined := *all[0]
	into := reflect.ValueOf(&joined).Elem()
	for _, other := range all[1:] {
		from := reflect.ValueOf(other).Elem()
		for i := range into.NumField() {
			switch field := into.Field(i); field.Kind() {
			case reflect.Slice:
				field.Set(reflect.AppendSlice(field.Slice3(0, field.Len(), field.Len()), from.Field(i)))
			case reflect.Int:
				field.SetInt(field.Int() + from.Field(i).Int())
			}
		}
	}
	joined.Findings = joined.Findings.Sorted()
	return &joined
}
