package build

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// textKeys finds keys of a meshfn document that are numbers or booleans, such as a port without quotes. Kustomize turns
// documents into JSON, which has no such keys, and fails with a dump of the whole document.
func textKeys(document *item.Item) diag.List {
	root, err := document.Node()
	if err != nil {
		return nil
	}
	var findings diag.List
	eachKey(root, "", func(key *yaml.Node, path string) {
		if key.Tag == "!!str" || key.Tag == "!!merge" {
			return
		}
		findings = append(findings, diag.Finding{
			Code: diag.WrongType, Source: document.SourceOf(key, path),
			Message: fmt.Sprintf("the key %s is not text; kustomize accepts only text as a key", key.Value),
			Try:     fmt.Sprintf("%q: …", key.Value),
		})
	})
	return findings
}

// eachKey visits the keys of a checked document, without following aliases.
func eachKey(node *yaml.Node, path string, visit func(key *yaml.Node, path string)) {
	for i, child := range node.Content {
		switch {
		case node.Kind != yaml.MappingNode:
			eachKey(child, diag.At(path, i), visit)
		case i%2 == 0:
			visit(child, diag.Join(path, child.Value))
		default:
			eachKey(child, diag.Join(path, node.Content[i-1].Value), visit)
		}
	}
}
