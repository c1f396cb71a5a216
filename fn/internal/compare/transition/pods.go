package transition

import (
	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

func podsByName(v *cluster.View) map[string]*cluster.Pod {
	out := map[string]*cluster.Pod{}
	for _, pod := range v.Pods {
		if pod.Name != "" { // A name that the cluster makes is another one each time.
			out[podName(pod)] = pod
		}
	}
	return out
}

// podName names the workload of some pods in a message.
func podName(pod *cluster.Pod) string { return pod.Item.Resource().String() }

// proxied reports whether the pods of a template certainly have a proxy of their own.
func proxied(v *cluster.View, pod *cluster.Pod) bool {
	return pod != nil && v.DataplaneOf(pod) == cluster.OwnProxy
}

// sureness is how certain it is that pods run without a sidecar.
type sureness int

const (
	has sureness = iota
	perhaps
	lacks
)

// without says whether pods of OLD run without a sidecar. Where the build does not own the Namespace it is likely when NEW adds
// the label that asks for one.
func (c *checker) without(before, after *cluster.Pod) sureness {
	switch c.old.DataplaneOf(before) {
	case cluster.NoDataplane:
		return lacks
	case cluster.OwnProxy, cluster.Ambient:
		return has
	case cluster.UnknownDataplane:
	}
	if proxied(c.now, after) && c.now.Injection(after).By == facts.ByPod {
		return perhaps
	}
	return has // Nothing about it changes here.
}

// brief reports whether pods end by themselves, so that the next ones are of the new template.
func brief(pod *cluster.Pod) bool { return pod.Job() || pod.Kind == "Pod" }
