package item

import (
	"bytes"
	"errors"
	"slices"

	"go.yaml.in/yaml/v3"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"
)

// rewrite makes a change in the tree and writes the document anew. It is for documents in which bytes are shared by
// anchors, aliases and merge keys, and for spellings that the byte edits do not know.
func (d *document) rewrite(c change) (*document, error) {
	node := clone(d.node)
	c.make(node.Content[0])
	var after *document
	_, err := writeAnew(node, d.lineBreak(), func(raw []byte) bool {
		var p *problem
		after, p = parse(raw, documentLimits())
		return p == nil && c.made(d.root, after.root)
	})
	return after, err
}

// writeAnew writes a tree the way kustomize and kpt do. Comments stay as far as the library keeps them. Some styles it
// reads but writes with another meaning (folded scalars, for one): what is not accepted is written once more without
// comments and styles.
func writeAnew(n *yaml.Node, lineBreak string, accept func(raw []byte) bool) ([]byte, error) {
	for _, prepare := range []func(*yaml.Node) *yaml.Node{clone, bare} {
		var out bytes.Buffer
		err := guarded(func() error {
			encoder := kyaml.NewEncoder(&out)
			return errors.Join(encoder.Encode(prepare(n)), encoder.Close())
		})
		raw := bytes.ReplaceAll(out.Bytes(), []byte("\n"), []byte(lineBreak))
		if err == nil && accept(raw) {
			return raw, nil
		}
	}
	return nil, errors.New("the YAML library cannot write it without changing what it means")
}

// make applies the change to a tree.
func (c change) make(root *yaml.Node) {
	unshare(root, root)
	n := root
	for depth, name := range c.path {
		last := depth == len(c.path)-1
		if key, _ := own(n, name); key == nil || last && c.remove {
			flatten(root, n, name)
		}
		if last && c.remove {
			c.drop(root, n)
			return
		}
		n = c.step(root, n, name, last)
	}
	*n = yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: c.value, LineComment: n.LineComment}
	if !plainString(c.value) {
		n.Style = yaml.DoubleQuotedStyle
	}
}

// step returns the value behind a key, made the mapping's own, and creates it where it is missing.
func (c change) step(root, n *yaml.Node, name string, last bool) *yaml.Node {
	key, val := own(n, name)
	switch {
	case key == nil:
		val = &yaml.Node{Kind: yaml.MappingNode}
		n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: name}, val)
	case val.Kind == yaml.AliasNode:
		*val = *copied(val.Alias)
	default:
		unshare(root, val)
	}
	if !last && val.Kind != yaml.MappingNode {
		*val = yaml.Node{Kind: yaml.MappingNode}
	}
	return val
}

// drop removes the last key of the path from its mapping.
func (c change) drop(root, m *yaml.Node) {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if deref(m.Content[i]).Value == c.path[len(c.path)-1] && !isMerge(m.Content[i]) {
			unshareAll(root, m.Content[i])
			unshareAll(root, m.Content[i+1])
			m.Content = slices.Delete(m.Content, i, i+2)
			return
		}
	}
}

// unshare makes a node nobody else's: every alias to it becomes a copy.
func unshare(root, n *yaml.Node) {
	if n.Anchor == "" {
		return
	}
	n.Anchor = ""
	replaceAliases(root, n)
}

func replaceAliases(at, target *yaml.Node) {
	if at.Kind == yaml.AliasNode && at.Alias == target {
		*at = *copied(target)
	}
	for _, child := range at.Content {
		replaceAliases(child, target)
	}
}

// unshareAll prepares a subtree to be removed.
func unshareAll(root, n *yaml.Node) {
	unshare(root, n)
	for _, child := range n.Content {
		unshareAll(root, child)
	}
}

// flatten writes merged keys out where one of them is the wanted one.
func flatten(root, m *yaml.Node, name string) {
	if !slices.ContainsFunc(merges(m), func(source *yaml.Node) bool { key, _ := field(source, name); return key != nil }) {
		return
	}
	all := ordered(m)
	for i := 0; i < len(m.Content); i += 2 {
		if isMerge(m.Content[i]) {
			unshareAll(root, m.Content[i+1])
		}
	}
	content := make([]*yaml.Node, 0, len(all))
	for i := 0; i < len(all); i += 2 {
		key, val := all[i], all[i+1]
		if !slices.Contains(m.Content, key) {
			key, val = copied(key), copied(val)
		}
		content = append(content, key, val)
	}
	m.Content = content
}

// ordered returns the keys and values of a mapping, its own first, then those that are merged.
func ordered(m *yaml.Node) []*yaml.Node {
	var all []*yaml.Node
	seen := map[string]bool{}
	var walk func(m *yaml.Node)
	walk = func(m *yaml.Node) {
		for i := 0; i+1 < len(m.Content); i += 2 {
			name := deref(m.Content[i]).Value
			if !isMerge(m.Content[i]) && !seen[name] {
				seen[name] = true
				all = append(all, m.Content[i], m.Content[i+1])
			}
		}
		for _, source := range merges(m) {
			walk(source)
		}
	}
	walk(m)
	return all
}

// clone copies a tree with its anchors; aliases point into the copy.
func clone(n *yaml.Node) *yaml.Node {
	twins := map[*yaml.Node]*yaml.Node{}
	var walk func(n *yaml.Node) *yaml.Node
	walk = func(n *yaml.Node) *yaml.Node {
		twin := *n
		twin.Content = nil
		twins[n] = &twin
		for _, child := range n.Content {
			twin.Content = append(twin.Content, walk(child))
		}
		if n.Alias != nil {
			twin.Alias = twins[n.Alias] // An anchor stands before its aliases.
		}
		return &twin
	}
	return walk(n)
}

// copied copies what a node means into another place: anchors stay with the original.
func copied(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return copied(n.Alias)
	}
	twin := *n
	twin.Anchor, twin.Content = "", nil
	for _, child := range n.Content {
		twin.Content = append(twin.Content, copied(child))
	}
	return &twin
}

// bare copies what a tree means, without comments, styles, aliases and merge keys.
func bare(n *yaml.Node) *yaml.Node {
	n = deref(n)
	twin := &yaml.Node{Kind: n.Kind, Tag: n.Tag, Value: n.Value, Style: n.Style & yaml.TaggedStyle}
	content := n.Content
	if n.Kind == yaml.MappingNode {
		content = ordered(n)
	}
	for _, child := range content {
		twin.Content = append(twin.Content, bare(child))
	}
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!str" {
		twin.Style |= yaml.DoubleQuotedStyle
	}
	return twin
}
