package read

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/facts"
)

// count is a number of pods in a manifest. Where a variable stands that Flux fills in after the build, nobody knows it yet.
// https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
type count struct {
	number   int
	variable string
}

// UnmarshalYAML reads a number or a variable.
func (c *count) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode && strings.HasPrefix(node.Value, "${") && strings.HasSuffix(node.Value, "}") {
		c.variable = node.Value
		return nil
	}
	return node.Decode(&c.number)
}

// of is a number of pods that is known as far as the count is.
func (c *count) of(replicas facts.Replicas) facts.Replicas {
	replicas.Known, replicas.Min = c.variable == "", c.number
	if !replicas.Known {
		replicas.From += " has the variable " + c.variable
	}
	return replicas
}
