package item

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

const (
	// MaxDocument is the size in bytes up to which a document is parsed. It is twice what a cluster could store: etcd
	// refuses requests above 1.5 MiB, https://etcd.io/docs/v3.6/dev-guide/limit/.
	MaxDocument = 3 << 20

	// MaxDepth is how many mappings and lists may be nested in one another, aliases followed. The deepest Kubernetes
	// types, the schemas in a CustomResourceDefinition, stay well below.
	MaxDepth = 100

	// MaxAliasExpansion is how many nodes the aliases of a document may stand for. A few hundred bytes of aliases to
	// aliases can stand for billions, https://en.wikipedia.org/wiki/Billion_laughs_attack.
	MaxAliasExpansion = 100_000
)

// limits bounds what parsing and walking a document may cost.
type limits struct{ bytes, depth, aliases int }

func documentLimits() limits {
	return limits{bytes: MaxDocument, depth: MaxDepth, aliases: MaxAliasExpansion}
}

// extent is the size of a node: as it is written, as it is with aliases expanded, and how deep it nests.
type extent struct{ written, expanded, depth int }

// measurer walks a document once and counts what its aliases stand for without expanding them.
type measurer struct {
	limits   limits
	anchored map[*yaml.Node]extent
	open     map[*yaml.Node]bool // anchored nodes whose inside is being walked
}

// measure finds what would make a later walk of the document endless, exponential or too deep, and mappings that no
// JSON object can express.
func measure(root *yaml.Node, l limits) *problem {
	m := measurer{limits: l, anchored: map[*yaml.Node]extent{}, open: map[*yaml.Node]bool{}}
	_, p := m.node(root, 1)
	return p
}

func (m *measurer) node(n *yaml.Node, level int) (extent, *problem) {
	switch n.Kind {
	case yaml.AliasNode:
		return m.alias(n, level)
	case yaml.MappingNode, yaml.SequenceNode:
		return m.collection(n, level)
	}
	return extent{written: 1, expanded: 1}, nil
}

func (m *measurer) alias(n *yaml.Node, level int) (extent, *problem) {
	if m.open[n.Alias] {
		p := problemAt(n, diag.NotYAML, fmt.Sprintf("alias %q stands for something that contains the alias itself", "*"+n.Value))
		p.try = "write the value out instead of the alias"
		return extent{}, p
	}
	target, known := m.anchored[n.Alias]
	if !known {
		target = extent{expanded: 1} // A scalar: collections are entered when they are walked.
	}
	if level+target.depth-1 > m.limits.depth {
		return extent{}, m.tooDeep(n)
	}
	return extent{written: 1, expanded: target.expanded, depth: target.depth}, nil
}

func (m *measurer) collection(n *yaml.Node, level int) (extent, *problem) {
	if level > m.limits.depth {
		return extent{}, m.tooDeep(n)
	}
	if n.Kind == yaml.MappingNode {
		if p := checkKeys(n); p != nil {
			return extent{}, p
		}
	}
	if n.Anchor != "" {
		m.open[n] = true
		defer delete(m.open, n)
	}
	sum := extent{written: 1, expanded: 1}
	for _, child := range n.Content {
		e, p := m.node(child, level+1)
		if p != nil {
			return extent{}, p
		}
		sum.written += e.written
		sum.expanded += e.expanded
		sum.depth = max(sum.depth, e.depth)
	}
	sum.depth++
	if sum.expanded-sum.written > m.limits.aliases {
		p := problemAt(n, diag.TooLarge, fmt.Sprintf("the aliases in this document stand for more than %d values", m.limits.aliases))
		p.try = "write the values out, or use fewer aliases to anchors that hold aliases themselves"
		return extent{}, p
	}
	if n.Anchor != "" {
		m.anchored[n] = sum
	}
	return sum, nil
}

func (m *measurer) tooDeep(n *yaml.Node) *problem {
	p := problemAt(n, diag.TooDeep, fmt.Sprintf("nested more than %d levels deep", m.limits.depth))
	p.try = "check the brackets and the indentation: no Kubernetes object nests this deep"
	return p
}

// checkKeys refuses keys and merges that have no meaning in Kubernetes, so that no later walk has to expect them.
func checkKeys(m *yaml.Node) *problem {
	for i := 0; i < len(m.Content); i += 2 {
		key := m.Content[i]
		if deref(key).Kind != yaml.ScalarNode {
			p := problemAt(key, diag.NotYAML, "a mapping or list stands where a key must be: a key is one word or text")
			p.try = `put quotes around a key that begins with "{" or "["`
			return p
		}
		if isMerge(key) && !mergeable(m.Content[i+1]) {
			p := problemAt(key, diag.NotYAML, `the merge key "<<" needs a mapping or a list of mappings`)
			p.try = "point the merge key at the anchor of a mapping"
			return p
		}
	}
	return nil
}

// mergeable reports whether a merge key may have the value.
func mergeable(n *yaml.Node) bool {
	n = deref(n)
	if n.Kind != yaml.SequenceNode {
		return n.Kind == yaml.MappingNode
	}
	for _, each := range n.Content {
		if deref(each).Kind != yaml.MappingNode {
			return false
		}
	}
	return true
}

// duplicate finds the first key that a mapping holds twice, at any level. The YAML library leaves this to its callers,
// and which of the two counts differs from tool to tool.
func duplicate(n *yaml.Node) *problem {
	if n.Kind == yaml.MappingNode {
		if p := duplicateKey(n); p != nil {
			return p
		}
	}
	for _, child := range n.Content {
		if p := duplicate(child); p != nil {
			return p
		}
	}
	return nil
}

func duplicateKey(m *yaml.Node) *problem {
	seen := make(map[string]*yaml.Node, len(m.Content)/2)
	for i := 0; i < len(m.Content); i += 2 {
		key := m.Content[i]
		name := deref(key).Value
		first, twice := seen[name]
		if twice {
			p := problemAt(key, diag.DuplicateKey, fmt.Sprintf("key %q is there twice", name))
			p.try = "keep one of the two"
			p.first = first
			p.node = key
			return p
		}
		seen[name] = key
	}
	return nil
}
