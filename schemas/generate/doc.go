package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
)

// doc is a doc comment as users read it.
type doc struct {
	text []string // paragraphs, in Markdown
	rows []row
}

// row is a line of a doc comment that starts with a label, such as "Default: 10s.".
type row struct{ label, text string }

// The labels of rows. Those of presets also name the preset.
const (
	rowDefault = "Default"
	rowExample = "Example"
	rowSource  = "Source"
	rowPreset  = "Preset "
)

// docs holds the doc comments of the API types as "Type", and those of their fields as "Type.Field".
type docs map[string]doc

// readDocs reads the doc comments of the Go files of a directory.
func readDocs(dir string) (docs, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	found := docs{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			return nil, fmt.Errorf("cannot read the doc comments: %w", err)
		}
		for _, declaration := range file.Decls {
			if types, ok := declaration.(*ast.GenDecl); ok && types.Tok == token.TYPE {
				found.addTypes(types)
			}
		}
	}
	return found, nil
}

func (d docs) addTypes(types *ast.GenDecl) {
	for _, specification := range types.Specs {
		declared, ok := specification.(*ast.TypeSpec)
		if !ok {
			continue
		}
		comment := declared.Doc
		if comment == nil {
			comment = types.Doc
		}
		name := declared.Name.Name
		d[name] = newDoc(comment.Text())
		fields, ok := declared.Type.(*ast.StructType)
		if !ok {
			continue
		}
		for _, field := range fields.Fields.List {
			for _, fieldName := range field.Names {
				d[name+"."+fieldName.Name] = newDoc(field.Doc.Text())
			}
		}
	}
}

// newDoc splits a comment into paragraphs and rows. A row goes on until the next one, or an empty line.
func newDoc(comment string) doc {
	var out doc
	open := false
	last := ""
	for line := range strings.Lines(comment) {
		line = strings.TrimSpace(line)
		label, text, isRow := cutLabel(line)
		switch {
		case line == "":
			open = false
		case isRow:
			out.rows = append(out.rows, row{label, text})
			open, last = true, "row"
		case open && last == "row":
			out.rows[len(out.rows)-1].text += " " + line
		case open:
			out.text[len(out.text)-1] += " " + line
		default:
			out.text = append(out.text, line)
			open, last = true, "text"
		}
	}
	return out
}

func cutLabel(line string) (label, text string, ok bool) {
	label, text, ok = strings.Cut(line, ": ")
	if !ok {
		return "", "", false
	}
	switch label {
	case rowDefault, "Bounds", "Becomes", "Error", rowSource, rowExample:
		return label, text, true
	}
	return label, text, strings.HasPrefix(label, rowPreset) && !strings.Contains(label[len(rowPreset):], " ")
}

// row returns the text of a row, empty when there is none.
func (d doc) row(label string) string {
	for _, r := range d.rows {
		if r.label == label {
			return r.text
		}
	}
	return ""
}

// named is the doc with the Go name it starts with replaced by what users know the thing as.
func (d doc) named(goName, name string) doc {
	if len(d.text) == 0 {
		return d
	}
	if rest, ok := strings.CutPrefix(d.text[0], goName+" "); ok {
		d.text = append([]string{name + " " + rest}, d.text[1:]...)
	}
	return d
}

// further is the doc of a type without its first sentence, which repeats for readers of Go what the field that has the
// type says.
func (d doc) further() doc {
	if len(d.text) == 0 {
		return d
	}
	_, rest := cutSentence(d.text[0])
	text := d.text[1:]
	if rest != "" {
		text = append([]string{rest}, text...)
	}
	return doc{text: text, rows: d.rows}
}

// with appends another doc.
func (d doc) with(more doc) doc {
	out := doc{text: append([]string{}, d.text...), rows: append([]row{}, d.rows...)}
	out.text = append(out.text, more.text...)
	out.rows = append(out.rows, more.rows...)
	return out
}

// cutSentence splits a paragraph after its first sentence.
func cutSentence(paragraph string) (first, rest string) {
	first, rest, ok := strings.Cut(paragraph, ". ")
	if !ok {
		return paragraph, ""
	}
	return first + ".", rest
}
