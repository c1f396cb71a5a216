package read

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

type entry struct{ key, value *yaml.Node }

// entriesOf lists the entries of a mapping in order, with those of merge keys (`<<: *base`) in their place. The item was
// checked before, so aliases neither loop nor explode.
func entriesOf(node *yaml.Node) []entry {
	var own, merged []entry
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if key.Tag == "!!merge" {
			merged = append(merged, mergedEntries(followed(value))...)
			continue
		}
		own = append(own, entry{key, value})
	}
	for _, candidate := range merged {
		if !slices.ContainsFunc(own, func(e entry) bool { return e.key.Value == candidate.key.Value }) {
			own = append(own, candidate)
		}
	}
	return own
}

func mergedEntries(node *yaml.Node) []entry {
	if node.Kind != yaml.SequenceNode {
		return entriesOf(node)
	}
	var all []entry
	for _, part := range node.Content {
		all = append(all, entriesOf(followed(part))...)
	}
	return all
}

func followed(node *yaml.Node) *yaml.Node {
	for node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	return node
}

func isNull(node *yaml.Node) bool { return node.Kind == yaml.ScalarNode && node.Tag == "!!null" }

// nothing also takes an empty text where a mapping belongs, in documents that a host parsed before: kustomize makes one of
// an empty value in flow style.
func (d *decoder) nothing(node *yaml.Node) bool {
	parsed := d.item.Place().Line == 0
	return isNull(node) || parsed && node.Kind == yaml.ScalarNode && node.Tag == "!!str" && node.Value == ""
}

// describe says what a node is, for messages about what should stand there instead.
func describe(node *yaml.Node) string {
	switch node.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.ScalarNode, yaml.DocumentNode, yaml.AliasNode:
	}
	switch node.Tag {
	case "!!null":
		return "nothing"
	case "!!bool":
		return "the boolean " + node.Value
	case "!!int", "!!float":
		return "the number " + node.Value
	}
	return fmt.Sprintf("the text %q", node.Value)
}

func (d *decoder) report(code diag.Code, node *yaml.Node, path, problem, allowed string) {
	d.propose(code, node, path, problem, allowed, "")
}

func (d *decoder) propose(code diag.Code, node *yaml.Node, path, problem, allowed, proposed string) {
	message := problem
	if path != "" {
		message = path + ": " + problem
	}
	if allowed != "" {
		message += "; allowed: " + allowed
	}
	finding := diag.Finding{Code: code, Source: d.item.SourceOf(node, path), Message: message, Proposed: proposed}
	if proposed != "" {
		finding.Try = lastKey(path) + ": " + proposed
		if strings.HasSuffix(path, "]") {
			finding.Try = proposed
		}
	}
	d.findings = append(d.findings, finding)
}

func (d *decoder) unknown(key *yaml.Node, path string, known []string) {
	field := diag.Join(path, key.Value)
	finding := diag.Finding{
		Code: diag.UnknownField, Source: d.item.SourceOf(key, field),
		Message: fmt.Sprintf("unknown field %q in %s; allowed: %s", key.Value, place(path), diag.OneOf(known)),
	}
	if elsewhere := misplaced(d.item.Kind(), path, key.Value); elsewhere != "" {
		finding.Try = elsewhere
	} else if nearest, ok := diag.Nearest(key.Value, known); ok {
		finding.Try = nearest + ": …"
	}
	d.findings = append(d.findings, finding)
}

func (d *decoder) missing(node *yaml.Node, path, name string, rules v1alpha1.Rules) {
	finding := diag.Finding{
		Code: diag.MissingField, Source: d.item.SourceOf(node, path),
		Message: fmt.Sprintf("%s has no %q, which is required", place(path), name),
	}
	if rules.Example != "" {
		finding.Try = name + ": " + rules.Example
	}
	d.findings = append(d.findings, finding)
}

func place(path string) string {
	if path == "" {
		return "the document"
	}
	return path
}

func lastKey(path string) string {
	path = path[strings.LastIndex(path, ".")+1:]
	if i := strings.IndexByte(path, '['); i > 0 {
		return path[:i]
	}
	return path
}
