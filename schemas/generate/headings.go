package main

import (
	"fmt"
	"strings"
)

// link points to the section of a field.
func (f *field) link(path string) string {
	return fmt.Sprintf("[`%s`](#%s)", join(path, f.name), anchor(f.heading(path)))
}

// presetOf is the setting that a block of presets is for.
func presetOf(name string) string {
	if name == "jwt" {
		return "auth.jwt"
	}
	return name
}

// heading is the title of the section of a field.
func (f *field) heading(path string) string {
	title := "`" + join(path, f.name) + "`"
	if f.of != "" {
		title += " of a " + f.of
	}
	return title
}

// tellApart names the kind in the headings of fields whose path an earlier kind has too.
func tellApart(kinds []*kind) {
	seen := map[string]bool{}
	for _, k := range kinds {
		for _, f := range k.root.at("spec").fields {
			if seen[f.name] {
				f.of = k.name
			}
			seen[f.name] = true
		}
	}
}

// anchor is the name GitHub gives to a heading: lower case, spaces as dashes, no punctuation.
func anchor(heading string) string {
	return strings.Map(func(char rune) rune {
		switch {
		case char == ' ':
			return '-'
		case char == '-', char == '_', char >= 'a' && char <= 'z', char >= '0' && char <= '9':
			return char
		}
		return -1
	}, strings.ToLower(heading))
}
