package istio

import (
	"strconv"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// asIntegers turns 64-bit numbers back, which protobuf writes as text to save them from JavaScript. The schemas of the
// custom resources want integers.
// https://protobuf.dev/programming-guides/json/
func asIntegers(fields map[string]any, message protoreflect.MessageDescriptor) error {
	for i := range message.Fields().Len() {
		field := message.Fields().Get(i)
		value, ok := fields[field.JSONName()]
		if !ok {
			continue
		}
		number, err := asInteger(value, field)
		if err != nil {
			return err
		}
		fields[field.JSONName()] = number
	}
	return nil
}

// asInteger turns one value of a field, and what is inside it.
func asInteger(value any, field protoreflect.FieldDescriptor) (any, error) {
	switch value := value.(type) {
	case string:
		if kind := field.Kind(); kind == protoreflect.Uint64Kind || kind == protoreflect.Int64Kind {
			return strconv.ParseInt(value, 10, 64)
		}
	case map[string]any:
		if field.Message() != nil && !field.IsMap() {
			return value, asIntegers(value, field.Message())
		}
	case []any:
		for i := range value {
			number, err := asInteger(value[i], field)
			if err != nil {
				return nil, err
			}
			value[i] = number
		}
	}
	return value, nil
}
