package build

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// withoutSecret ends an error of kustomize where it begins to quote an object, if it quotes a Secret.
func withoutSecret(text string) string {
	if !diag.NamesSecret([]byte(text)) {
		return text
	}
	if at := strings.IndexAny(text, "{[\n"); at >= 0 {
		text = text[:at]
	}
	return text + "… (the rest quotes a Secret, and is left out)"
}

// secretly marks the files whose lines become a Secret.
func secretly(refs []reference) []reference {
	for i := range refs {
		refs[i].secret = strings.Contains(refs[i].field, "env")
	}
	return refs
}

// wellFormed reports what kustomize would quote of the sources of a Secret, because its words would hold the secret.
func (w *walk) wellFormed(r reference, content []byte) bool {
	if !r.secret {
		return true
	}
	for i, line := range bytes.Split(content, []byte("\n")) {
		if i == 0 {
			line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
		}
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		name, _, _ := bytes.Cut(line, []byte("="))
		if !utf8.Valid(line) || !variable().Match(name) {
			w.report(diag.BuildFailed, r.at, "line %d of %.200q is not of the form NAME=value; what it says is not shown", i+1, r.path)
			return false
		}
	}
	return true
}

func variable() *regexp.Regexp { return regexp.MustCompile(`^[-._a-zA-Z][-._a-zA-Z0-9]*$`) }

// secretLiterals reports literals of a kustomization that kustomize would quote.
func (w *walk) secretLiterals(k *kustomization) {
	for i, generator := range k.content.SecretGenerator {
		for j, literal := range generator.LiteralSources {
			if strings.Index(literal, "=") < 1 {
				at := k.place(diag.At(diag.Join(diag.At("secretGenerator", i), "literals"), j))
				w.report(diag.BuildFailed, at, "this literal is not of the form key=value; what it says is not shown")
			}
		}
	}
}
