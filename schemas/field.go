package schemas

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// Field is what a schema says about one field.
type Field struct {
	Default string   // the row of the reference, "" where there is none
	Fields  []string // the fields below it, sorted
	AnyKey  bool     // names of the user's own are below it, as below versions
}

// node is as much of a JSON Schema as the schemas of this package use.
type node struct {
	Ref         string           `json:"$ref"`
	Description string           `json:"description"`
	Properties  map[string]*node `json:"properties"`
	Additional  json.RawMessage  `json:"additionalProperties"`
	AnyOf       []*node          `json:"anyOf"`
	Items       *node            `json:"items"`
	Definitions map[string]*node `json:"definitions"`
}

// Lookup finds a field of a kind by the keys that lead to it. Any name is a key where the user gives the names.
func Lookup(kind string, keys ...string) (Field, bool) {
	text, ok := Schema(kind)
	if !ok {
		return Field{}, false
	}
	var root node
	if json.Unmarshal(text, &root) != nil {
		return Field{}, false
	}
	at := &root
	for _, key := range keys {
		if at = at.child(key, &root); at == nil {
			return Field{}, false
		}
	}
	out := Field{Default: defaultOf(at.resolved(&root).Description)}
	for _, form := range at.forms(&root) {
		for name := range form.Properties {
			out.Fields = append(out.Fields, name)
		}
		out.AnyKey = out.AnyKey || form.additional() != nil
	}
	slices.Sort(out.Fields)
	return out, true
}

func (n *node) resolved(root *node) *node {
	if name, ok := strings.CutPrefix(n.Ref, "#/definitions/"); ok && root.Definitions[name] != nil {
		return root.Definitions[name]
	}
	return n
}

// forms are the shapes that a field may have.
func (n *node) forms(root *node) []*node {
	n = n.resolved(root)
	forms := []*node{n}
	for _, form := range n.AnyOf {
		forms = append(forms, form.forms(root)...)
	}
	return forms
}

func (n *node) child(key string, root *node) *node {
	for _, form := range n.forms(root) {
		if inner := form.Properties[key]; inner != nil {
			return inner
		}
		if inner := form.additional(); inner != nil {
			return inner
		}
		if _, err := strconv.Atoi(key); err == nil && form.Items != nil {
			return form.Items
		}
	}
	return nil
}

// additional is the schema of names that the user gives, nil where there are none.
func (n *node) additional() *node {
	var inner node
	if len(n.Additional) == 0 || n.Additional[0] != '{' || json.Unmarshal(n.Additional, &inner) != nil {
		return nil
	}
	return &inner
}

func defaultOf(description string) string {
	for line := range strings.SplitSeq(description, "\n") {
		if text, ok := strings.CutPrefix(line, "Default: "); ok {
			return text
		}
	}
	return ""
}
