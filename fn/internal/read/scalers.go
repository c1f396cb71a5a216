package read

import (
	"cmp"

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
			Min    *count      `yaml:"minReplicas"`
		} `yaml:"spec"`
	}
	if c.decodeObject(it, &doc) {
		c.scale(it, doc.Spec.Target, minimum{"spec.minReplicas", doc.Spec.Min, 1})
	}
}

// scaledObject reads a KEDA ScaledObject, which scales a Deployment down to nothing where nothing is said.
// https://keda.sh/docs/latest/reference/scaledobject-spec/
func (c *collector) scaledObject(it *item.Item) {
	var doc struct {
		Spec struct {
			Target scaleTarget `yaml:"scaleTargetRef"`
			Min    *count      `yaml:"minReplicaCount"`
		} `yaml:"spec"`
	}
	if !c.decodeObject(it, &doc) {
		return
	}
	if doc.Spec.Target.Kind == "" {
		doc.Spec.Target.Kind = "Deployment"
	}
	c.scale(it, doc.Spec.Target, minimum{"spec.minReplicaCount", doc.Spec.Min, 0})
}

// minimum is the least number of pods that an autoscaler keeps.
type minimum struct {
	field     string
	declared  *count
	otherwise int
}

// scale notes an autoscaler's minimum. Of two for one target the lower one counts, whichever comes first in the input.
func (c *collector) scale(it *item.Item, target scaleTarget, least minimum) {
	scaled := facts.Replicas{Known: true, Min: least.otherwise, From: it.Resource().String(), Item: it, Field: least.field}
	if least.declared != nil {
		scaled = least.declared.of(scaled)
	}
	key := it.Namespace() + "/" + target.Kind + "/" + target.Name
	if other, ok := c.scalers[key]; ok && cmp.Or(cmp.Compare(other.Min, scaled.Min), cmp.Compare(other.From, scaled.From)) <= 0 {
		return
	}
	c.scalers[key] = scaled
}

// rollout is an Argo Rollout that runs the pods of another workload.
type rollout struct {
	itself   string // namespace/Kind/name, by which an autoscaler may name it
	replicas facts.Replicas
}

// rollout notes whose pods an Argo Rollout runs. The workload it refers to is usually scaled to nothing.
// https://argo-rollouts.readthedocs.io/en/stable/features/specification/
func (c *collector) rollout(it *item.Item, of scaleTarget, declared *count) {
	if it.Kind() != "Rollout" || of.Name == "" {
		return
	}
	c.rollouts[it.Namespace()+"/"+of.Kind+"/"+of.Name] = rollout{
		itself: it.Namespace() + "/" + it.Kind() + "/" + it.Name(), replicas: replicas(it, declared),
	}
}

// applyScalers lets an autoscaler's minimum win over what the workload itself says, because the autoscaler overwrites it
// in the cluster. An overlay renames the target too, so a previous name counts.
func (c *collector) applyScalers() {
	for _, workload := range c.facts.Workloads {
		names := append([]string{workload.Name}, workload.PreviousNames...)
		for _, name := range names {
			if replicas, ok := c.scaled(workload.Namespace + "/" + workload.Kind + "/" + name); ok {
				workload.Replicas = replicas
				break
			}
		}
	}
}

// scaled is the number of pods by which a workload is scaled from outside: by an autoscaler, or by the Rollout that runs
// its pods and may have an autoscaler of its own.
func (c *collector) scaled(key string) (facts.Replicas, bool) {
	if replicas, ok := c.scalers[key]; ok {
		return replicas, true
	}
	runs, ok := c.rollouts[key]
	if !ok {
		return facts.Replicas{}, false
	}
	if replicas, ok := c.scalers[runs.itself]; ok {
		return replicas, true
	}
	return runs.replicas, true
}
