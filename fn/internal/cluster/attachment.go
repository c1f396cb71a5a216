package cluster

import (
	"maps"
	"slices"

	networking "istio.io/api/networking/v1"
	types "istio.io/api/type/v1beta1"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// GatewayNameLabel is on the pods that Istio creates for a Gateway of the Gateway API.
const GatewayNameLabel = "gateway.networking.k8s.io/gateway-name"

// Attachment says which proxies an object is for: those of pods with some labels, or those in front of its targets.
type Attachment struct {
	Namespace string
	Labels    map[string]string // that pods must have; empty for every pod of the namespace
	Field     string            // of the labels, such as spec.selector.matchLabels
	Targets   []Target
}

// Target is an object that a policy is for, in the policy's own namespace.
type Target struct {
	Group, Kind, Name string
	Field             string
}

// AttachmentOf reads the selector and the targets of an object, which all kinds with proxies in mind have alike.
// https://istio.io/latest/docs/reference/config/type/workload-selector/
func AttachmentOf(m *Meta) Attachment {
	a := Attachment{Namespace: m.Namespace}
	switch spec := m.typed.(type) {
	case interface {
		GetSelector() *types.WorkloadSelector
	}:
		a.Labels, a.Field = spec.GetSelector().GetMatchLabels(), "spec.selector.matchLabels"
	case interface {
		GetWorkloadSelector() *networking.WorkloadSelector
	}:
		a.Labels, a.Field = spec.GetWorkloadSelector().GetLabels(), "spec.workloadSelector.labels"
	}
	if spec, ok := m.typed.(interface {
		GetTargetRef() *types.PolicyTargetReference
	}); ok && spec.GetTargetRef() != nil {
		a.target(spec.GetTargetRef(), "spec.targetRef")
	}
	if spec, ok := m.typed.(interface {
		GetTargetRefs() []*types.PolicyTargetReference
	}); ok {
		for i, ref := range spec.GetTargetRefs() {
			a.target(ref, diag.At("spec.targetRefs", i))
		}
	}
	return a
}

func (a *Attachment) target(ref *types.PolicyTargetReference, field string) {
	a.Targets = append(a.Targets, Target{Group: ref.GetGroup(), Kind: ref.GetKind(), Name: ref.GetName(), Field: field})
}

// Everything reports whether the object is for all proxies of its namespace, or of the mesh in the root namespace.
func (a *Attachment) Everything() bool { return len(a.Labels) == 0 && len(a.Targets) == 0 }

// Reach is what an attachment takes in of the build.
type Reach struct {
	Pods []*Pod
	// Elsewhere says that it also takes in proxies that no pod template of the build describes: WorkloadEntries, and the
	// pods that a controller makes, such as Istio for a Gateway.
	Elsewhere bool
	// Known says that the build has workloads of the namespace, so that no pods means that none is there.
	Known bool
}

// Reach lists the pods of the build that an object is for.
func (v *View) Reach(a Attachment) Reach {
	if len(a.Targets) > 0 {
		return v.reachOfTargets(a)
	}
	reach := Reach{Pods: v.Selected(a.Namespace, a.Labels), Known: a.Namespace != v.Istio.RootNamespace && v.Holds(a.Namespace)}
	if len(a.Labels) == 0 {
		return reach
	}
	for _, entry := range v.WorkloadEntries {
		reach.Elsewhere = reach.Elsewhere || entry.Namespace == a.Namespace && facts.Matches(a.Labels, entry.Spec.GetLabels())
	}
	for _, group := range v.WorkloadGroups {
		labels := maps.Clone(group.Spec.GetMetadata().GetLabels())
		if labels == nil {
			labels = map[string]string{}
		}
		maps.Copy(labels, group.Spec.GetTemplate().GetLabels())
		reach.Elsewhere = reach.Elsewhere || group.Namespace == a.Namespace && facts.Matches(a.Labels, labels)
	}
	reach.Elsewhere = reach.Elsewhere || v.madePods(a.Namespace, a.Labels) || len(reach.Pods) == 0 && v.atGateway(a)
	return reach
}

// atGateway reports whether a selector is that of a gateway whose pods the build does not have: often the gateway is
// installed from elsewhere, and the objects of the same build that are for it only name it.
func (v *View) atGateway(a Attachment) bool {
	for _, declared := range v.Declared {
		if declared.Namespace == a.Namespace && facts.Matches(a.Labels, declared.Selector) {
			return true
		}
	}
	for _, gateway := range v.GatewaysElsewhere() {
		if facts.Matches(a.Labels, gateway.Spec.GetSelector()) {
			return true
		}
	}
	return false
}

// GatewaysElsewhere lists the Gateways whose pods the build does not have.
func (v *View) GatewaysElsewhere() []*Object[*networking.Gateway] {
	return slices.DeleteFunc(slices.Clone(v.Gateways), func(gateway *Object[*networking.Gateway]) bool {
		return len(gateway.Spec.GetSelector()) == 0 || slices.ContainsFunc(v.Pods, func(pod *Pod) bool {
			return facts.Matches(gateway.Spec.GetSelector(), pod.Labels)
		})
	})
}

// reachOfTargets lists the pods behind the Services that a policy targets.
func (v *View) reachOfTargets(a Attachment) Reach {
	reach := Reach{Known: v.Holds(a.Namespace)}
	for _, target := range a.Targets {
		service := (*facts.Service)(nil)
		if target.Kind == "Service" && target.Group == "" {
			service = v.Service(target.Name, a.Namespace)
		}
		if service == nil {
			reach.Elsewhere = true
			continue
		}
		for _, workload := range service.Workloads {
			if pod := v.PodOf(workload); !slices.Contains(reach.Pods, pod) {
				reach.Pods = append(reach.Pods, pod)
			}
		}
	}
	return reach
}

// KubernetesGateway returns a Gateway of the Gateway API, nil when the build has none of that name.
func (v *View) KubernetesGateway(namespace, name string) *Meta {
	for _, meta := range v.Rest {
		if meta.Group() == GatewayAPIGroup && meta.Kind == "Gateway" && meta.Namespace == namespace && meta.Name == name {
			return meta
		}
	}
	return nil
}

// Misspelled returns the label of an attachment whose value no pod of the namespace has, and the values that there are.
func (v *View) Misspelled(a Attachment) (key string, values []string) {
	for _, key := range slices.Sorted(maps.Keys(a.Labels)) {
		values := []string(nil)
		found := false
		for _, pod := range v.Pods {
			value, ok := pod.Labels[key]
			if !ok || pod.Namespace != a.Namespace {
				continue
			}
			found = found || value == a.Labels[key]
			if !slices.Contains(values, value) {
				values = append(values, value)
			}
		}
		if !found {
			return key, values
		}
	}
	return "", nil
}
