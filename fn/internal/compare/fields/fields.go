// Package fields says which fields of two documents are different, by what they mean and not by how they are written.
package fields

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"sigs.k8s.io/yaml"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Difference is a field that is not the same. A value is absent where the field is.
type Difference struct {
	Field string `json:"field"`
	Old   string `json:"old,omitempty"`
	New   string `json:"new,omitempty"`
}

// Read is what a document means: comments, the order of keys, quotes and anchors do not count. It is what kubectl sends.
func Read(document []byte) (any, error) {
	text, err := yaml.YAMLToJSON(document)
	if err != nil {
		return nil, fmt.Errorf("cannot read the document: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // A large number stays what it is.
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, fmt.Errorf("cannot read the document: %w", err)
	}
	return value, nil
}

// Equal reports whether two documents mean the same.
func Equal(a, b any) bool { return reflect.DeepEqual(a, b) }

// At is the value at a path of keys, nil where there is none.
func At(document any, path ...string) any {
	for _, key := range path {
		mapping, ok := document.(map[string]any)
		if !ok {
			return nil
		}
		document = mapping[key]
	}
	return document
}

// Of lists the fields that are different, by path. What is absent on one side is told as a whole.
func Of(from, to any) []Difference {
	var out []Difference
	walk("", from, to, &out)
	return out
}

func walk(path string, from, to any, out *[]Difference) {
	if Equal(from, to) {
		return
	}
	left, isMap := from.(map[string]any)
	right, both := to.(map[string]any)
	if isMap && both {
		for _, key := range keys(left, right) {
			walk(diag.Join(path, key), left[key], right[key], out)
		}
		return
	}
	before, isList := from.([]any)
	after, both := to.([]any)
	if isList && both && len(before) == len(after) {
		for i := range before {
			walk(diag.At(path, i), before[i], after[i], out)
		}
		return
	}
	*out = append(*out, Difference{path, Text(from), Text(to)})
}

func keys(left, right map[string]any) []string {
	all := slices.Sorted(maps.Keys(left))
	for key := range right {
		if _, ok := left[key]; !ok {
			all = append(all, key)
		}
	}
	slices.Sort(all)
	return all
}

// Text is a value in one line: a word as it is, and everything else as JSON. What is absent is "".
func Text(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		if value != "" {
			return value
		}
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return fmt.Sprint(value)
	}
	return string(bytes.TrimSpace(out.Bytes()))
}
