package item

import (
	"bytes"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Stream splits a YAML stream into its documents. (First version, to be replaced by the owner of this package.)
func Stream(file string, data []byte) ([]*Item, diag.List) {
	var out []*Item
	var current []byte
	start, number := 1, 0
	flush := func() {
		if says(current) {
			out = append(out, New(current, Place{File: file, Index: len(out), Line: start}))
		}
		current = nil
	}
	for text := range bytes.Lines(data) {
		number++
		trimmed := bytes.TrimRight(text, "\r\n")
		if bytes.Equal(trimmed, []byte("---")) || bytes.HasPrefix(trimmed, []byte("--- ")) || bytes.Equal(trimmed, []byte("...")) {
			flush()
			start = number + 1
			continue
		}
		if current == nil {
			start = number
		}
		current = append(current, text...)
	}
	flush()
	return out, nil
}

func says(raw []byte) bool {
	for text := range bytes.Lines(raw) {
		if word := bytes.TrimSpace(text); len(word) > 0 && word[0] != '#' {
			return true
		}
	}
	return false
}
