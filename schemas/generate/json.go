package main

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// object is a JSON object whose members keep their order, so that a schema reads like the Go type it comes from.
type object []member

type member struct {
	key   string
	value any
}

// set adds a member, unless the value says nothing.
func (o *object) set(key string, value any) {
	switch value {
	case nil, "":
		return
	}
	*o = append(*o, member{key, value})
}

// get returns a member.
func (o object) get(key string) any {
	for _, m := range o {
		if m.key == key {
			return m.value
		}
	}
	return nil
}

// change replaces a member by what a function makes of it.
func (o object) change(key string, made func(any) any) {
	for i := range o {
		if o[i].key == key {
			o[i].value = made(o[i].value)
		}
	}
}

// printJSON writes a tree of objects, lists and scalars with an indentation.
func printJSON(value any) ([]byte, error) {
	var out bytes.Buffer
	if err := appendJSON(&out, value); err != nil {
		return nil, err
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, out.Bytes(), "", "  "); err != nil {
		return nil, err
	}
	indented.WriteByte('\n')
	return indented.Bytes(), nil
}

func appendJSON(out *bytes.Buffer, value any) error {
	switch value := value.(type) {
	case object:
		return appendObject(out, value)
	case []any:
		out.WriteByte('[')
		for i, entry := range value {
			if i > 0 {
				out.WriteByte(',')
			}
			if err := appendJSON(out, entry); err != nil {
				return err
			}
		}
		out.WriteByte(']')
		return nil
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return fmt.Errorf("cannot write %v as JSON: %w", value, err)
	}
	return nil
}

func appendObject(out *bytes.Buffer, value object) error {
	out.WriteByte('{')
	for i, m := range value {
		if i > 0 {
			out.WriteByte(',')
		}
		key, err := json.Marshal(m.key)
		if err != nil {
			return err
		}
		out.Write(key)
		out.WriteByte(':')
		if err := appendJSON(out, m.value); err != nil {
			return fmt.Errorf("%s: %w", m.key, err)
		}
	}
	out.WriteByte('}')
	return nil
}
