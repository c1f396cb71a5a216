// Package substitute follows the variables that Flux fills in after a build, `${NAME}` in a value: it finds them in the
// documents of a build, puts other texts in their place, and brings them back.
// https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
package substitute

import (
	"regexp"
	"strings"
)

// escape is the name of what stands for a dollar sign.
const escape = "$"

// token is a place in a text that Flux replaces.
type token struct {
	from, to int
	text     string
	name     string  // escape for "$$", "" where the form is not one that can be followed
	standard *string // the default that the text brings with it, nil for none
}

// variable is a form that fills in a value and does nothing else. A default may not hold a variable of its own.
var variable = regexp.MustCompile(`^\$\{([_A-Za-z][_A-Za-z0-9]*)(?:(?::=|:-|=)([^}$]*))?\}`)

// mark is how a variable begins.
const mark = "${"

// tokens finds what Flux replaces, as its own scanner does: two dollar signs are one, whatever follows.
// https://github.com/fluxcd/pkg/blob/main/envsubst/parse/scan.go
func tokens(text string) []token {
	var all []token
	for at := 0; ; {
		next := strings.IndexByte(text[at:], '$')
		if next < 0 {
			return all
		}
		at += next
		found := token{from: at, to: at + 1}
		switch rest := text[at:]; {
		case strings.HasPrefix(rest, "$$"):
			found.to, found.name = at+2, escape
		case strings.HasPrefix(rest, mark):
			found.read(rest)
		default:
			at++
			continue
		}
		found.text = text[found.from:found.to]
		all = append(all, found)
		at = found.to
	}
}

// read reads a variable at the beginning of a text.
func (t *token) read(rest string) {
	parts := variable.FindStringSubmatchIndex(rest)
	if parts == nil {
		t.to = t.from + len(mark)
		if end := strings.IndexByte(rest, '}'); end > 0 && !strings.Contains(rest[:end], "\n") {
			t.to = t.from + end + 1
		}
		return
	}
	t.to, t.name = t.from+parts[1], rest[parts[2]:parts[3]]
	if parts[4] >= 0 {
		standard := rest[parts[4]:parts[5]]
		t.standard = &standard
	}
}

// replace puts values in the place of variables. What has no value stays.
func replace(text string, values Values) string {
	var out strings.Builder
	done := 0
	for _, found := range tokens(text) {
		value, ok := values[found.name]
		if !ok || found.name == "" {
			continue
		}
		out.WriteString(text[done:found.from])
		out.WriteString(value)
		done = found.to
	}
	if done == 0 {
		return text
	}
	out.WriteString(text[done:])
	return out.String()
}
