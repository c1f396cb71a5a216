package main

import (
	"fmt"
	"strings"
)

// glance is the table a newcomer searches: every setting, in a sentence, with the names of its fields.
func (r *reference) glance(kinds []*kind) {
	r.line("\n## All settings\n")
	r.line("| setting | in short | its fields |")
	r.line("|---|---|---|")
	for _, g := range r.groups {
		for _, s := range g.settings {
			r.glanceAt(s.field, "")
		}
	}
	for _, k := range kinds {
		for _, f := range k.root.at("spec").fields {
			r.glanceAt(f, "spec")
		}
	}
}

func (r *reference) glanceAt(f *field, path string) {
	short, _ := cutSentence(f.doc.text[0])
	r.line("| %s | %s | %s |", f.link(path), cell(short), strings.Join(fieldNames(f.shape.inner()), ", "))
}

// at is the block below a field.
func (b *block) at(name string) *block {
	for _, f := range b.fields {
		if f.name == name {
			return f.shape.inner()
		}
	}
	return &block{}
}

// fieldNames lists what stands in a block, deeper blocks after their name.
func fieldNames(b *block) []string {
	if b == nil || b.takesSettings() {
		return nil
	}
	var names []string
	for _, f := range b.fields {
		name := "`" + f.name + "`"
		if f.rules.Mapping {
			names = append(names, name)
			continue
		}
		if deeper := fieldNames(f.shape.inner()); len(deeper) > 0 {
			name += " (" + strings.Join(deeper, ", ") + ")"
		}
		names = append(names, name)
	}
	return names
}

func (r *reference) kind(k *kind) {
	r.line("\n## %s\n", k.name)
	for _, paragraph := range k.root.doc.named(k.root.goName, "`"+k.name+"`").text {
		r.line("%s\n", paragraph)
	}
	r.line("Every field once, with an example value. This is an overview, not a document to copy: some fields exclude each other.\n")
	r.line("```yaml")
	r.overview(k)
	r.line("```")
	r.metadata(k)
	spec := k.root.at("spec")
	r.line("\n### `spec` of a `%s`", k.name)
	r.table(spec, "spec")
	for _, f := range spec.fields {
		r.section("####", f, "spec")
	}
	for _, g := range r.groups {
		if !g.shown && k.root.holds(g.settings[0].field) {
			r.settings(g)
			g.shown = true
		}
	}
}

// metadata is described with the first kind that has it.
func (r *reference) metadata(k *kind) {
	metadata := k.root.at("metadata")
	if r.shown == metadata {
		r.line("\n`metadata` is that of a [`Mesh`](#metadata).")
		return
	}
	r.shown = metadata
	r.line("\n### `metadata`")
	r.table(metadata, "metadata")
}

// holds reports whether a field stands anywhere in a block.
func (b *block) holds(wanted *field) bool {
	for _, f := range b.fields {
		if f.goName == wanted.goName {
			return true
		}
		if inner := f.shape.inner(); inner != nil && inner.holds(wanted) {
			return true
		}
	}
	return false
}

func (r *reference) settings(g *group) {
	r.line("\n### %s\n", g.title)
	for _, paragraph := range g.text {
		r.line("%s\n", paragraph)
	}
	r.line("They may stand in %s.", andList(g.settings[0].places))
	for _, s := range g.settings {
		r.section("####", s.field, "")
	}
}

// section describes one field: what it means, what may be written, an example, and the fields below it.
func (r *reference) section(level string, f *field, path string) {
	r.line("\n%s %s\n", level, f.heading(path))
	for _, paragraph := range f.doc.text {
		r.line("%s\n", paragraph)
	}
	r.line("- **Value:** %s", f.value())
	if inner := f.shape.inner(); inner != nil && inner.takesSettings() {
		r.line("- **Takes:** %s", andList(inner.groupLinks()))
	}
	if f.rules.Mapping {
		setting := presetOf(f.name)
		r.line("- **Takes:** the fields of [`%s`](#%s)", setting, anchor(setting))
	}
	for _, row := range f.doc.ordered() {
		r.line("- **%s:** %s", row.label, linked(row.text))
	}
	r.example(f)
	r.presets(f)
	inner := f.shape.inner()
	if inner == nil || inner.takesSettings() || f.rules.Mapping { // Settings have sections of their own.
		return
	}
	below, err := f.below(path)
	r.problem(err)
	r.table(inner, below)
	for _, deeper := range inner.fields {
		if deeper.shape.inner() != nil {
			r.section(nextLevel(level), deeper, below)
		}
	}
}

// groupLinks point to the groups of settings that a block takes.
func (b *block) groupLinks() []string {
	var links []string
	for _, title := range b.groupTitles() {
		links = append(links, fmt.Sprintf("[%s](#%s)", strings.ToLower(title[:1])+title[1:], anchor(title)))
	}
	return links
}

func nextLevel(level string) string {
	if len(level) == len("#####") {
		return level
	}
	return level + "#"
}

func (r *reference) example(f *field) {
	example, err := f.example()
	r.problem(err)
	if example == "" {
		return
	}
	r.line("\n```yaml\n%s: %s\n```", f.name, example)
}

// presets shows what the presets of a block stand for.
func (r *reference) presets(f *field) {
	if f.shape.form != mapping || len(f.shape.block.presets) == 0 {
		return
	}
	r.line("\n| preset | stands for |")
	r.line("|---|---|")
	for _, p := range f.shape.block.presets {
		r.line("| `%s` | `%s` |", p.name, p.fields)
	}
}

// table lists the fields of a block.
func (r *reference) table(b *block, path string) {
	r.line("\n| field | value | meaning |")
	r.line("|---|---|---|")
	for _, f := range b.fields {
		full := join(path, f.name)
		if f.shape.inner() != nil {
			short, _ := cutSentence(f.doc.text[0])
			r.line("| %s | %s | %s |", f.link(path), cell(f.value()), cell(short))
			continue
		}
		meaning := append([]string{}, f.doc.text...)
		for _, row := range f.doc.ordered() {
			meaning = append(meaning, fmt.Sprintf("**%s:** %s", row.label, linked(row.text)))
		}
		if example, err := f.example(); err == nil && f.shape.form != boolean && len(f.rules.Enum) == 0 {
			meaning = append(meaning, fmt.Sprintf("**Example:** `%s`", example))
		}
		r.line("| `%s` | %s | %s |", full, cell(f.value()), cell(strings.Join(meaning, "<br>")))
	}
}

// cell makes text safe for a cell of a table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

func linked(text string) string {
	if strings.HasPrefix(text, "https://") && !strings.Contains(text, " ") {
		return "<" + text + ">"
	}
	return text
}
