package transition

import (
	"fmt"
	"strconv"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// restarts says what is down while pods are replaced to get or lose their sidecar. A Deployment starts new pods before it
// stops the old ones, unless it says otherwise. A PodDisruptionBudget has no say in that.
// https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#how-disruption-budgets-work
func (c *checker) restarts() {
	for _, before := range c.old.Pods {
		after := c.podsAfter[podName(before)]
		if after == nil || brief(after) {
			continue
		}
		gets := !proxied(c.old, before) && c.without(before, after) != has && proxied(c.now, after)
		loses := proxied(c.old, before) && c.now.DataplaneOf(after) == cluster.NoDataplane
		if !gets && !loses {
			continue
		}
		verb := "get their sidecar"
		if loses {
			verb = "lose their sidecar"
		}
		if down, why, field, try := interruption(after); down != "" {
			c.report(diag.Finding{
				Code: diag.RestartInterrupts, Severity: diag.Warning, Source: c.to.Located(after.Source(field)),
				Message: fmt.Sprintf("the pods of %s %s with this change, and %s", podName(after), verb, down),
				Because: []string{why},
				Related: []diag.Source{c.sidecarAt(before)},
				Try:     try,
			})
		}
	}
}

// interruption is what is down while the pods of a workload are replaced, "" for nothing.
func interruption(pod *cluster.Pod) (down, why, field, try string) {
	text := func(path ...string) string { value, _ := pod.Item.String(path...); return value }
	one := pod.Replicas.Known && pod.Replicas.Min == 1
	switch pod.Kind {
	case "Deployment":
		return ofDeployment(pod.Item, pod.Replicas.Known, pod.Replicas.Min)
	case "StatefulSet", "DaemonSet":
		if text("spec", "updateStrategy", "type") == "OnDelete" {
			return "nothing replaces them", "updateStrategy is OnDelete: a pod stays as it is until somebody deletes it", "spec.updateStrategy.type",
				"delete the pods one after the other, or type: RollingUpdate"
		}
	}
	switch {
	case pod.Kind == "StatefulSet" && one:
		return "it is down while its only pod is replaced", "a StatefulSet stops a pod before it starts the next one of that name", "spec.replicas",
			"a time at which nobody minds; a second replica if the application can be more than one"
	case pod.Kind == "StatefulSet":
		return "each of its pods is down in turn", "a StatefulSet stops a pod before it starts the next one of that name", "metadata.name",
			"nothing if clients find another pod by themselves"
	case pod.Kind == "DaemonSet" && (text("spec", "updateStrategy", "rollingUpdate", "maxSurge") == "" || text("spec", "updateStrategy", "rollingUpdate", "maxSurge") == "0"):
		return "it is down on one node after the other", "a DaemonSet stops the pod of a node before it starts the next one, unless maxSurge says otherwise",
			"metadata.name", "updateStrategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}} if two of its pods can share a node"
	}
	return "", "", "", ""
}

// ofDeployment is a Deployment that stops all of its pods before others are ready.
func ofDeployment(it *item.Item, known bool, replicas int) (down, why, field, try string) {
	if kind, _ := it.String("spec", "strategy", "type"); kind == "Recreate" {
		return "it is down until the new ones are ready", "its strategy is Recreate: all pods are stopped before a new one starts", "spec.strategy.type",
			"type: RollingUpdate if two versions of the application can run side by side; else a time at which nobody minds"
	}
	most, said := it.String("spec", "strategy", "rollingUpdate", "maxUnavailable")
	if !said || !known || !reaches(most, replicas) {
		return "", "", "", ""
	}
	return "it is down until the new ones are ready", fmt.Sprintf("maxUnavailable is %s, which permits that all of %d pods are stopped first", most, replicas),
		"spec.strategy.rollingUpdate.maxUnavailable", "maxUnavailable: 0"
}

// reaches reports whether maxUnavailable permits to stop all of some pods. A percentage is rounded down.
func reaches(text string, replicas int) bool {
	if number, err := strconv.Atoi(text); err == nil {
		return number >= replicas
	}
	return text == "100%"
}
