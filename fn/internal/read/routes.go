package read

import (
	"slices"

	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// route notes for whom a VirtualService inside the mesh is. One that does not have the shape of its kind is nobody's here;
// the checks find it.
func (c *collector) route(it *item.Item) {
	var doc struct {
		Spec struct {
			Hosts    []string `yaml:"hosts"`
			Gateways []string `yaml:"gateways"`
			ExportTo []string `yaml:"exportTo"`
		} `yaml:"spec"`
	}
	node, err := it.Node()
	if err != nil || node.Decode(&doc) != nil {
		return
	}
	if len(doc.Spec.Gateways) > 0 && !slices.Contains(doc.Spec.Gateways, "mesh") {
		return
	}
	c.facts.Routes = append(c.facts.Routes, &facts.Route{Identity: identity(it), Hosts: doc.Spec.Hosts, ExportTo: doc.Spec.ExportTo})
}
