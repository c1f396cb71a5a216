package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// shownRows are the labels of the rows that every rendering shows, in this order. Examples and presets have places of
// their own.
func shownRows() []string { return []string{rowDefault, "Bounds", "Becomes", "Error", rowSource} }

// ordered returns the rows to show, in the order of their labels.
func (d doc) ordered() []row {
	var out []row
	for _, label := range shownRows() {
		for _, r := range d.rows {
			if r.label == label {
				out = append(out, r)
			}
		}
	}
	return out
}

// presetRows are the rows that say what presets stand for.
func (d doc) presetRows() []row {
	return slices.DeleteFunc(slices.Clone(d.rows), func(r row) bool { return !strings.HasPrefix(r.label, rowPreset) })
}

// plain is the doc as plain text: paragraphs, then a line per row.
func (d doc) plain() string {
	parts := slices.Clone(d.text)
	var lines []string
	for _, r := range slices.Concat(d.ordered(), d.presetRows()) {
		lines = append(lines, r.label+": "+r.text)
	}
	if lines != nil {
		parts = append(parts, strings.Join(lines, "\n"))
	}
	return strings.ReplaceAll(strings.Join(parts, "\n\n"), "`", "")
}

// markdown is the doc for the tooltips of editors.
func (d doc) markdown() string {
	parts := slices.Clone(d.text)
	var lines []string
	for _, r := range d.ordered() {
		lines = append(lines, fmt.Sprintf("- **%s:** %s", r.label, r.text))
	}
	for _, r := range d.presetRows() {
		lines = append(lines, fmt.Sprintf("- **%s:** `%s`", r.label, r.text))
	}
	if lines != nil {
		parts = append(parts, strings.Join(lines, "\n"))
	}
	return strings.Join(parts, "\n\n")
}

// example is a value of a field as YAML text: the one of its doc comment, that of its tag, or one that the type suggests.
// A boolean shows what is not its default. The parts of a document itself have none.
func (f *field) example() (string, error) {
	if example := f.doc.row(rowExample); example != "" {
		return example, nil
	}
	switch {
	case f.rules.Quoted && isNumber(f.rules.Example):
		return strconv.Quote(f.rules.Example), nil
	case f.rules.Example != "":
		return f.rules.Example, nil
	case len(f.rules.Enum) > 0 && f.shape.form == word:
		return f.rules.Enum[0], nil
	case f.shape.form == boolean:
		return strconv.FormatBool(!strings.HasPrefix(f.doc.row(rowDefault), "true")), nil
	case strings.HasPrefix(f.goName, "Mesh."), strings.HasPrefix(f.goName, "MeshProfile."), strings.HasPrefix(f.goName, "MeshCatalog."):
		return "", nil
	}
	return "", fmt.Errorf("%s has no example; add a line \"Example: …\" to its doc comment", f.goName)
}

// isNumber reports whether YAML would read a text as a number.
func isNumber(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil
}
