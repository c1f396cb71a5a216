package v1alpha1

import (
	"reflect"
	"strconv"
	"strings"
)

// Rules are the limits a struct tag puts on a field. The strict reader enforces them and the schemas publish them.
type Rules struct {
	Required         bool
	Quoted           bool // a number must be written in quotes, because it would lose digits
	Mapping          bool // the entries of a map are mappings, without their short forms
	Min, Max         *int64
	ItemMin, ItemMax *int64 // bounds of the numbers in a list or a map
	Enum             []string
	Example          string
}

// RulesOf reads the `meshfn` tag of a field.
func RulesOf(tag reflect.StructTag) Rules {
	var rules Rules
	for part := range strings.SplitSeq(tag.Get("meshfn"), ",") {
		key, value, _ := strings.Cut(part, "=")
		switch key {
		case "required":
			rules.Required = true
		case "quoted":
			rules.Quoted = true
		case "mapping":
			rules.Mapping = true
		case "min":
			rules.Min = number(value)
		case "max":
			rules.Max = number(value)
		case "itemMin":
			rules.ItemMin = number(value)
		case "itemMax":
			rules.ItemMax = number(value)
		case "enum":
			rules.Enum = strings.Split(value, "|")
		case "example":
			rules.Example = value
		}
	}
	return rules
}

func number(text string) *int64 {
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil
	}
	return &value
}

// SwitchForms returns which of the forms `true`, `false` and `preset` a block takes besides a mapping, and the position
// of the embedded Switch; ok is false for a block that is always a mapping.
func SwitchForms(block reflect.Type) (forms []string, index int, ok bool) {
	if block.Kind() != reflect.Struct {
		return nil, 0, false
	}
	for i := range block.NumField() {
		if field := block.Field(i); field.Anonymous && field.Type == reflect.TypeFor[Switch]() {
			return strings.Split(field.Tag.Get("meshfn"), ","), i, true
		}
	}
	return nil, 0, false
}

// FieldName returns the name of a field in YAML, empty for an embedded struct whose fields stand in its place, and false
// for what is not written at all.
func FieldName(field reflect.StructField) (name string, ok bool) {
	name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
	if name == "-" {
		return "", false
	}
	if options == "inline" {
		return "", true
	}
	return name, name != ""
}
