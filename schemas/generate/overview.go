package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
)

// hintColumn is where the hints of an overview begin.
const hintColumn = 46

// overview prints a document with every field of a kind once.
func (r *reference) overview(k *kind) {
	for _, f := range k.root.fields {
		switch f.name {
		case "apiVersion":
			r.line("apiVersion: %s", v1alpha1.GroupVersion)
		case "kind":
			r.line("kind: %s", k.name)
		default:
			r.overviewField(f, "")
		}
	}
}

func (r *reference) overviewField(f *field, indent string) {
	inner := f.shape.inner()
	if inner == nil || inner.onlySettings() || f.rules.Mapping || f.shape.form == list {
		example, err := f.example()
		r.problem(err)
		r.hinted(indent+f.name+": "+example, f.hint())
		return
	}
	r.hinted(indent+f.name+":", f.hint())
	indent += "  "
	if f.shape.form == keyed {
		r.line("%s%s:", indent, r.firstKey(f))
		indent += "  "
	}
	r.overviewBlock(inner, indent)
}

func (r *reference) overviewBlock(b *block, indent string) {
	group := ""
	for _, f := range b.fields {
		if b.takesSettings() && (f.group != group || group == "" && f == b.fields[0]) {
			group = f.group
			title := group
			if title == "" {
				title = b.goName
			}
			r.line("%s# %s", indent, groupTitles()[title])
		}
		r.overviewField(f, indent)
	}
}

// firstKey is the key an overview shows in a mapping of names: that of the example.
func (r *reference) firstKey(f *field) string {
	example, err := f.example()
	r.problem(err)
	var node yaml.Node
	if err := yaml.Unmarshal([]byte(example), &node); err != nil || len(node.Content) == 0 || len(node.Content[0].Content) == 0 {
		r.problem(fmt.Errorf("the example of %s is not a mapping", f.goName))
		return "name"
	}
	return node.Content[0].Content[0].Value
}

// hint says beside a field what else may stand there, where its name and example do not.
func (f *field) hint() string {
	switch {
	case f.rules.Mapping:
		return "by name"
	case f.shape.form == keyed && f.shape.inner() != nil && f.shape.inner().onlySettings(), f.shape.form == mapping && f.shape.block.onlySettings():
		return strings.ToLower(andList(f.shape.inner().groupTitles()))
	case f.shape.form == keyed && f.shape.inner() != nil:
		return "by " + keyNames()[f.name]
	case f.shape.form == mapping && len(f.shape.block.forms) > 0:
		words := f.shape.forms()
		return "or " + plainWords(strings.Join(words[:len(words)-1], ", "))
	case f.shape.form == word && len(f.rules.Enum) > 0, f.shape.form == integer:
		return plainWords(f.shape.value(f.name, f.rules))
	case f.shape.form == list && len(f.rules.Enum) > 0:
		return plainWords(orList(f.rules.Enum))
	}
	return ""
}

// groupTitles names the groups of settings that a block takes.
func (b *block) groupTitles() []string {
	var titles []string
	for _, f := range b.fields {
		group := f.group
		if group == "" {
			group = b.goName
		}
		if title := groupTitles()[group]; !slices.Contains(titles, title) {
			titles = append(titles, title)
		}
	}
	return titles
}

func plainWords(text string) string {
	return strings.TrimPrefix(strings.ReplaceAll(text, "`", ""), "number ")
}

func (r *reference) hinted(line, hint string) {
	if hint == "" {
		r.line("%s", line)
		return
	}
	r.line("%s%s # %s", line, strings.Repeat(" ", max(1, hintColumn-utf8.RuneCountInString(line))), hint)
}
