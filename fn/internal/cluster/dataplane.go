package cluster

import (
	"slices"

	"github.com/meshfn/meshfn/fn/internal/facts"
)

// WaypointLabel names the waypoint that calls to a Service, or to those of a Namespace, go through.
const WaypointLabel = "istio.io/use-waypoint"

// Dataplane is where the traffic of pods is handled.
type Dataplane int

// What a build can say about it.
const (
	UnknownDataplane Dataplane = iota // the Namespace, which decides, is not in the build
	NoDataplane                       // the pods are outside the mesh
	OwnProxy                          // each pod has its proxy: a sidecar, or a gateway
	Ambient                           // the proxies of the nodes
)

// DataplaneOf says whether the pods of a template get a proxy, as Istio is installed by default.
func (v *View) DataplaneOf(pod *Pod) Dataplane {
	if slices.ContainsFunc(pod.Containers, func(c facts.Container) bool { return c.Name == facts.ProxyContainer && c.Image != "auto" }) {
		return OwnProxy // It is in the template already.
	}
	injection := v.Facts.Injection(pod.Workload, pod.Labels, pod.Annotations)
	if injection.Sidecar == facts.Yes {
		return OwnProxy
	}
	mode, said := pod.Labels[facts.DataplaneLabel]
	if namespace := v.Facts.Namespace(pod.Namespace); namespace != nil && !said {
		mode, said = namespace.Labels[facts.DataplaneLabel], true
	}
	switch {
	case injection.By == facts.ByNode || injection.By == facts.BySystem:
		return NoDataplane
	case mode == "ambient":
		return Ambient
	case said || injection.Sidecar == facts.No: // Nobody takes pods out of injection by hand where a namespace is in ambient mode.
		return NoDataplane
	}
	return UnknownDataplane
}

// AmbientNamespace returns the Namespace object when it puts its pods into ambient mode, else nil. One that also asks for
// sidecars is on its way from one to the other.
func (v *View) AmbientNamespace(name string) *facts.Namespace {
	namespace := v.Facts.Namespace(name)
	if namespace == nil || namespace.Labels[facts.DataplaneLabel] != "ambient" ||
		namespace.Labels[facts.InjectionLabel] == "enabled" || namespace.Labels[facts.RevisionLabel] != "" {
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
