package item

import "go.yaml.in/yaml/v3"

// deref follows an alias.
func deref(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func isMerge(key *yaml.Node) bool {
	return key.Kind == yaml.ScalarNode && key.Value == "<<" && key.ShortTag() == "!!merge"
}

func isNullNode(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// own returns the key and the value that a mapping itself writes for a name, nil when it has none.
func own(m *yaml.Node, name string) (key, val *yaml.Node) {
	for i := 0; i+1 < len(m.Content); i += 2 {
		key := m.Content[i]
		if deref(key).Value == name && !isMerge(key) {
			return key, m.Content[i+1]
		}
	}
	return nil, nil
}

// field returns the key and the value that a mapping has for a name, its own or else one that comes through a merge
// key, https://yaml.org/type/merge.html. Of several merged mappings the first one counts.
func field(m *yaml.Node, name string) (key, val *yaml.Node) {
	if key, val = own(m, name); key != nil {
		return key, val
	}
	for _, source := range merges(m) {
		if key, val = field(source, name); key != nil {
			return key, val
		}
	}
	return nil, nil
}

// merges returns the mappings that a mapping merges.
func merges(m *yaml.Node) []*yaml.Node {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if !isMerge(m.Content[i]) {
			continue
		}
		from := deref(m.Content[i+1])
		if from.Kind == yaml.MappingNode {
			return []*yaml.Node{from}
		}
		var all []*yaml.Node
		for _, each := range from.Content {
			all = append(all, deref(each))
		}
		return all
	}
	return nil
}

// fields returns everything that a mapping says, merged keys included.
func fields(m *yaml.Node) map[string]*yaml.Node {
	all := make(map[string]*yaml.Node, len(m.Content)/2)
	collect(m, all)
	return all
}

func collect(m *yaml.Node, all map[string]*yaml.Node) {
	for i := 0; i+1 < len(m.Content); i += 2 {
		name := deref(m.Content[i]).Value
		if _, known := all[name]; !known && !isMerge(m.Content[i]) {
			all[name] = m.Content[i+1]
		}
	}
	for _, source := range merges(m) {
		collect(source, all)
	}
}

// lookup returns the node at a path of keys with aliases followed, nil when there is none.
func lookup(n *yaml.Node, path []string) *yaml.Node {
	for _, name := range path {
		if n.Kind != yaml.MappingNode {
			return nil
		}
		_, val := field(n, name)
		if val == nil {
			return nil
		}
		n = deref(val)
	}
	return n
}

// scalarText returns the text of a scalar. Null is no text: to Kubernetes a null field is an absent one.
func scalarText(n *yaml.Node) (string, bool) {
	if n == nil || n.Kind != yaml.ScalarNode || isNullNode(n) {
		return "", false
	}
	return n.Value, true
}

// equal compares what two nodes mean: style, comments, anchors and the order of keys do not count.
func equal(a, b *yaml.Node) bool {
	a, b = deref(a), deref(b)
	if a.Kind != b.Kind || a.ShortTag() != b.ShortTag() {
		return false
	}
	switch a.Kind {
	case yaml.MappingNode:
		return equalFields(fields(a), fields(b))
	case yaml.SequenceNode:
		if len(a.Content) != len(b.Content) {
			return false
		}
		for i := range a.Content {
			if !equal(a.Content[i], b.Content[i]) {
				return false
			}
		}
		return true
	}
	return a.Value == b.Value || isNullNode(a)
}

func equalFields(a, b map[string]*yaml.Node) bool {
	if len(a) != len(b) {
		return false
	}
	for name, val := range a {
		other, ok := b[name]
		if !ok || !equal(val, other) {
			return false
		}
	}
	return true
}
