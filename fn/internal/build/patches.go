package build

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// patchFile remembers the documents of a patch, so that a value which it sets can be shown where it is written.
func (w *walk) patchFile(path string, content []byte) {
	shown := w.shown.of(path)
	if w.patchFiles[shown] {
		return
	}
	w.patchFiles[shown] = true
	w.read[shown] = content
	documents, _ := item.Stream(shown, content) // What is wrong with a patch, kustomize says.
	for _, document := range documents {
		at := document.Place()
		w.patches = append(w.patches, Doc{File: shown, Index: at.Index, Line: at.Line, Raw: document.Raw()})
	}
}

// patchText remembers a patch that is written into a kustomization as a block of lines. Another text has no lines that
// could be shown.
func (w *walk) patchText(k *kustomization, at diag.Source) {
	node := k.item.Field(at.Field)
	if node == nil || node.Style&yaml.LiteralStyle == 0 || strings.Contains("\n"+node.Value, "\n---") {
		return
	}
	wanted := strings.Split(strings.TrimRight(node.Value, "\n"), "\n")
	lines := strings.Split(string(k.item.Raw()), "\n")
	if node.Line+len(wanted) > len(lines) {
		return
	}
	lines = lines[node.Line : node.Line+len(wanted)]
	for i, line := range lines {
		if strings.TrimSpace(line) != strings.TrimSpace(wanted[i]) {
			return
		}
	}
	w.patches = append(w.patches, Doc{
		File: k.shown, Line: k.item.Place().Line + node.Line, Raw: []byte(strings.Join(lines, "\n") + "\n"),
	})
}
