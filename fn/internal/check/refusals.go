package check

import (
	"errors"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// trials bounds how often an object is validated again to find the place of a mistake.
const trials = 200

// refusals looks for the place of what Istio's validation refuses, which only says what it is. Without the field at fault
// the validation no longer says it: so each field is taken out in turn, and the search goes on inside of the one.
type refusals struct {
	validate func(proto.Message) []string
	root     proto.Message // a copy that the search changes and puts back
	left     int           // trials
}

// placesOf are the fields that an error is about, the object as a whole where no field or several are at fault.
func (r *refusals) placesOf(text string) []string {
	r.left = trials
	return r.inside(r.root.ProtoReflect(), "spec", text, count(r.validate(r.root), text))
}

// inside returns as many places as the error is said times, or else the one place that they are all in.
func (r *refusals) inside(message protoreflect.Message, path, text string, times int) []string {
	var at, unsure []child
	before := r.validate(r.root)
	for queue := childrenOf(message, path); len(queue) > 0; {
		c := queue[0]
		queue = queue[1:]
		if r.left--; r.left < 0 {
			return []string{path}
		}
		c.remove()
		after := r.validate(r.root)
		c.restore()
		switch {
		case count(after, text) >= times:
		case c.parts != nil:
			queue = append(c.parts(), queue...)
		case slices.ContainsFunc(after, func(of string) bool { return !slices.Contains(before, of) }):
			unsure = append(unsure, c) // Something else is missed now, and nobody may have looked further.
		default:
			at = append(at, c)
		}
	}
	if len(at) == 0 {
		at = unsure
	}
	if len(at) != 1 && len(at) > times || len(at) == 0 {
		return []string{path}
	}
	var places []string
	for _, c := range at {
		if c.message == nil {
			places = append(places, c.path)
			continue
		}
		places = append(places, r.inside(c.message, c.path, text, times)...)
	}
	return places
}

func count(texts []string, text string) int {
	n := 0
	for _, of := range texts {
		if of == text {
			n++
		}
	}
	return n
}

// child is one field of a message, or some entries of a list in it.
type child struct {
	path            string
	message         protoreflect.Message // nil for what has no fields of its own
	remove, restore func()
	parts           func() []child // of several entries, nil for one
}

// childrenOf lists the fields of a message that are set. Entries of maps are not told apart.
func childrenOf(message protoreflect.Message, path string) []child {
	var children []child
	fields := message.Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		if !message.Has(field) {
			continue
		}
		value, at := message.Get(field), diag.Join(path, field.JSONName())
		if field.IsMap() || field.IsList() {
			value = without(message, field, 0, 0) // A map or list is a view of the field, which changes with it.
		}
		restore := func() { message.Set(field, value) }
		if field.IsList() {
			children = append(children, entriesOf(message, field, at, restore, 0, value.List().Len()))
			continue
		}
		children = append(children, child{at, nested(field, value), func() { message.Clear(field) }, restore, nil})
	}
	return children
}

// entriesOf are some entries of a list, which are halved until the one at fault is found: a list may be long.
func entriesOf(message protoreflect.Message, field protoreflect.FieldDescriptor, path string, restore func(), from, to int) child {
	c := child{path: diag.At(path, from), remove: func() { message.Set(field, without(message, field, from, to)) }, restore: restore}
	if to-from == 1 {
		c.message = nested(field, message.Get(field).List().Get(from))
		return c
	}
	c.parts = func() []child {
		middle := (from + to) / 2
		return []child{entriesOf(message, field, path, restore, from, middle), entriesOf(message, field, path, restore, middle, to)}
	}
	return c
}

// nested is a value that has fields which somebody wrote. A duration, say, is one word to its author.
func nested(field protoreflect.FieldDescriptor, value protoreflect.Value) protoreflect.Message {
	if field.Message() == nil || field.IsMap() || field.Message().FullName().Parent() == "google.protobuf" {
		return nil
	}
	return value.Message()
}

// without is a copy of a map, or of a list without some of its entries.
func without(message protoreflect.Message, field protoreflect.FieldDescriptor, from, to int) protoreflect.Value {
	some := message.NewField(field)
	if field.IsMap() {
		message.Get(field).Map().Range(func(key protoreflect.MapKey, value protoreflect.Value) bool {
			some.Map().Set(key, value)
			return true
		})
		return some
	}
	all := message.Get(field).List()
	for i := range all.Len() {
		if i < from || i >= to {
			some.List().Append(all.Get(i))
		}
	}
	return some
}

// textsOf takes apart what a validation returns, which may be several errors in one.
func textsOf(err error) []string {
	var several interface{ WrappedErrors() []error }
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &several):
		return []string{oneLine(err.Error())}
	}
	var texts []string
	for _, one := range several.WrappedErrors() {
		texts = append(texts, textsOf(one)...)
	}
	return texts
}
