package read

import (
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/item"
)

type scaleTarget struct {
	Kind string `yaml:"kind"`
	Name string `yaml:"name"`
}

// autoscaler reads a HorizontalPodAutoscaler, whose minimum is 1 where nothing is said.
func (c *collector) autoscaler(it *item.Item) {
	var doc struct {
		Spec struct {
			Target scaleTarget `yaml:"scaleTargetRef"`
			Min    *int        `yaml:"minReplicas"`
		} `yaml:"spec"`
	}
	if c.decodeObject(it, &doc) {
		c.scale(it, doc.Spec.Target, doc.Spec.Min, 1)
	}
}

// scaledObject reads a KEDA ScaledObject, which scales a Deployment down to nothing where nothing is said.
// https://keda.sh/docs/latest/reference/scaledobject-spec/
func (c *collector) scaledObject(it *item.Item) {
	var doc struct {
		Spec struct {
			Target scaleTarget `yaml:"scaleTargetRef"`
			Min    *int        `yaml:"minReplicaCount"`
		} `yaml:"spec"`
	}
	if !c.decodeObject(it, &doc) {
		return
	}
	if doc.Spec.Target.Kind == "" {
		doc.Spec.Target.Kind = "Deployment"
	}
	c.scale(it, doc.Spec.Target, doc.Spec.Min, 0)
}

func (c *collector) scale(it *item.Item, target scaleTarget, declared *int, otherwise int) {
	minimum := otherwise
	if declared != nil {
		minimum = *declared
	}
	c.scalers[it.Namespace()+"/"+target.Kind+"/"+target.Name] = facts.Replicas{
		Known: true, Min: minimum, From: it.Resource().String(),
	}
}

// applyScalers lets an autoscaler's minimum win over what the workload itself says, because the autoscaler overwrites it
// in the cluster. An overlay renames the target too, so a previous name counts.
func (c *collector) applyScalers() {
	for _, workload := range c.facts.Workloads {
		names := append([]string{workload.Name}, workload.PreviousNames...)
		for _, name := range names {
			if replicas, ok := c.scalers[workload.Namespace+"/"+workload.Kind+"/"+name]; ok {
				workload.Replicas = replicas
				break
			}
		}
	}
}
