package cluster

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// booleans are words that Kubernetes reads as true and false, because it follows YAML 1.1, and newer parsers as text.
// https://yaml.org/type/bool.html
func booleans() []string {
	return []string{"y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF"}
}

// unquoted finds such words without quotes. A cluster refuses the object, whose fields want text there.
func unquoted(it *item.Item) diag.List {
	root, err := it.Node()
	if err != nil {
		return nil
	}
	var findings diag.List
	eachText(root, "", func(node *yaml.Node, path string) {
		if node.Style != 0 || !slices.Contains(booleans(), node.Value) {
			return
		}
		finding := unfit(it, path, path+" is "+node.Value+", which Kubernetes reads as a boolean; allowed: text in quotes")
		finding.Try = `"` + node.Value + `"`
		findings = append(findings, finding)
	})
	return findings
}

// eachText visits the scalars of a document that are no keys.
func eachText(node *yaml.Node, path string, visit func(*yaml.Node, string)) {
	switch node.Kind {
	case yaml.ScalarNode:
		visit(node, path)
	case yaml.SequenceNode:
		for i, entry := range node.Content {
			eachText(entry, diag.At(path, i), visit)
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			eachText(node.Content[i+1], diag.Join(path, node.Content[i].Value), visit)
		}
	}
}
