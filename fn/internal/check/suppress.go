package check

import (
	"bytes"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// suppress turns findings that their object asks not to hear of into infos, so that they neither fail a build nor vanish.
// What a Mesh says is not asked: nothing that is generated may be unsafe. Neither are findings about rules of the platform.
func suppress(findings diag.List, items []*item.Item) diag.List {
	asked := map[diag.Resource][]string{}
	for _, it := range items {
		if it.Group() == v1alpha1.Group || !bytes.Contains(it.Raw(), []byte(cluster.SuppressAnnotation)) {
			continue
		}
		if text, ok := it.Annotation(cluster.SuppressAnnotation); ok {
			asked[it.Resource()] = strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
		}
	}
	if len(asked) == 0 {
		return findings
	}
	directory := diag.NewDirectory()
	for i := range findings {
		f := &findings[i]
		codes := asked[f.Source.Resource]
		if f.Severity == diag.Info || directory[f.Code].Firm || !slices.ContainsFunc(codes, func(code string) bool { return means(code, directory[f.Code]) }) {
			continue
		}
		f.Severity = diag.Info
		f.Because = append(f.Because, "the object asks for it with its annotation "+cluster.SuppressAnnotation)
	}
	return findings
}

// means reports whether a word of the annotation stands for a code: the code itself, one of another tool, or all.
func means(word string, entry diag.Entry) bool {
	return word == "*" || word == string(entry.Code) || slices.Contains(entry.Also, word)
}
