package cluster

import (
	"slices"

	"github.com/meshfn/meshfn/fn/internal/facts"
)

// The labels that decide where the traffic of pods is handled.
// https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy
const (
	InjectLabel    = "sidecar.istio.io/inject"
	RevisionLabel  = "istio.io/rev"
	InjectionLabel = "istio-injection"
	DataplaneLabel = "istio.io/dataplane-mode"
	WaypointLabel  = "istio.io/use-waypoint"
)

// Dataplane is where the traffic of pods is handled.
type Dataplane int

// What a build can say about it.
const (
	UnknownDataplane Dataplane = iota // the Namespace, which decides, is not in the build
	NoDataplane                       // the pods are outside the mesh
	OwnProxy                          // each pod has its proxy: a sidecar, or a gateway
	Ambient                           // the proxies of the nodes
)

// DataplaneOf says whether the pods of a template get a proxy, by the rules of Istio's injector as it is installed by
// default.
// https://istio.io/latest/docs/ops/common-problems/injection/
func (v *View) DataplaneOf(pod *Pod) Dataplane {
	if slices.ContainsFunc(pod.Containers, func(c facts.Container) bool { return c.Name == "istio-proxy" && c.Image != "auto" }) {
		return OwnProxy
	}
	if pod.HostNetwork || slices.Contains(systemNamespaces(), pod.Namespace) {
		return NoDataplane
	}
	namespace := v.Facts.Namespace(pod.Namespace)
	if v.injected(pod, namespace) {
		return OwnProxy
	}
	mode, said := pod.Labels[DataplaneLabel]
	if namespace == nil && !said {
		if pod.Labels[InjectLabel] == "false" {
			return NoDataplane // Nobody takes pods out of injection by hand in a namespace that is in ambient mode.
		}
		return UnknownDataplane
	}
	if !said {
		mode = namespace.Labels[DataplaneLabel]
	}
	if mode == "ambient" {
		return Ambient
	}
	return NoDataplane
}

// injected reports whether the injector certainly adds a proxy. The labels of the Namespace say which injector sees the
// pod at all, those of the pod whether it does something.
func (v *View) injected(pod *Pod, namespace *facts.Namespace) bool {
	label, labelled := pod.Labels[InjectLabel]
	if label == "false" || !labelled && pod.Annotations[InjectLabel] == "false" {
		return false
	}
	if namespace != nil {
		if injection, ok := namespace.Labels[InjectionLabel]; ok {
			return injection == "enabled"
		}
		if namespace.Labels[RevisionLabel] != "" {
			return true
		}
	}
	return label == "true" || pod.Labels[RevisionLabel] != ""
}

// AmbientNamespace returns the Namespace object when it puts its pods into ambient mode, else nil. One that also asks for
// sidecars is on its way from one to the other.
func (v *View) AmbientNamespace(name string) *facts.Namespace {
	namespace := v.Facts.Namespace(name)
	if namespace == nil || namespace.Labels[DataplaneLabel] != "ambient" ||
		namespace.Labels[InjectionLabel] == "enabled" || namespace.Labels[RevisionLabel] != "" {
		return nil
	}
	return namespace
}

// Waypoint reports whether calls to a Service of a namespace in ambient mode go through a waypoint. Without a Service it
// is the answer for the namespace.
// https://istio.io/latest/docs/ambient/usage/waypoint/#useawaypoint
func (v *View) Waypoint(namespace string, service *facts.Service) bool {
	if service != nil {
		if name, ok := service.Item.String("metadata", "labels", WaypointLabel); ok {
			return name != "" && name != "none"
		}
	}
	object := v.Facts.Namespace(namespace)
	return object != nil && object.Labels[WaypointLabel] != "" && object.Labels[WaypointLabel] != "none"
}

// systemNamespaces are those that Istio never injects into.
func systemNamespaces() []string {
	return []string{"kube-system", "kube-public", "kube-node-lease", "local-path-storage"}
}
