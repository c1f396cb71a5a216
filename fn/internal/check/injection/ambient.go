package injection

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// The labels of ambient mode that lead calls through a waypoint.
// https://istio.io/latest/docs/ambient/usage/waypoint/
const (
	waypointLabel          = "istio.io/use-waypoint"
	waypointNamespaceLabel = "istio.io/use-waypoint-namespace"
	waypointClass          = "istio-waypoint"
)

// none is the value that takes a pod or a Service out of what its Namespace says.
const none = "none"

// dataplanes finds pods that are told to join the mesh in two ways. The sidecar wins.
func (c *checker) dataplanes() {
	for _, pod := range c.Pods {
		namespace := c.Facts.Namespace(pod.Namespace)
		_, at, asks := wish(pod)
		injected := asks && c.Injection(pod).Sidecar == facts.Yes
		mode, own := pod.Labels[facts.DataplaneLabel]
		switch {
		case mode == "ambient" && c.Injection(pod).Sidecar == facts.Yes:
			c.report(diag.Finding{
				Code: diag.AmbientAndInjected, Severity: diag.Warning, Source: labelAt(pod, facts.DataplaneLabel),
				Message: fmt.Sprintf("%s get a sidecar, and have the label %s: ambient, which leaves pods with a sidecar alone", podsOf(pod), facts.DataplaneLabel),
				Related: c.injectedBy(pod), Try: `remove the label, or sidecar.istio.io/inject: "false"`,
			})
		case injected && !own && namespace != nil && namespace.Labels[facts.DataplaneLabel] == "ambient" && !c.said[namespaceLabel(namespace, facts.DataplaneLabel)]:
			c.report(diag.Finding{
				Code: diag.SidecarInAmbient, Severity: diag.Warning, Source: at,
				Message: fmt.Sprintf("%s get a sidecar in Namespace %q, which is in ambient mode: waypoints and ambient mode leave pods with a sidecar alone", podsOf(pod), namespace.Name),
				Related: []diag.Source{namespaceLabel(namespace, facts.DataplaneLabel)}, Try: "remove the label from the pods, except while moving to ambient mode",
			})
		}
	}
}

// injectedBy is the place that gives the pods their sidecar.
func (c *checker) injectedBy(pod *cluster.Pod) []diag.Source {
	if _, at, asks := wish(pod); asks {
		return []diag.Source{at}
	}
	namespace := c.Facts.Namespace(pod.Namespace)
	if namespace == nil {
		return nil
	}
	if _, ok := namespace.Labels[facts.InjectionLabel]; ok {
		return []diag.Source{namespaceLabel(namespace, facts.InjectionLabel)}
	}
	return []diag.Source{namespaceLabel(namespace, facts.RevisionLabel)}
}

// waypointUse is an object that asks for a waypoint.
type waypointUse struct {
	what, namespace string
	name, in        string // of the waypoint; in is "" for the namespace of the object
	at              diag.Source
}

func (u waypointUse) label() string {
	return fmt.Sprintf("label %s: %s of %s", waypointLabel, u.name, u.what)
}

// waypoints follows the labels that name a waypoint.
func (c *checker) waypoints() {
	for _, namespace := range c.Facts.Namespaces {
		use := waypointUse{
			fmt.Sprintf("Namespace %q", namespace.Name), namespace.Name, namespace.Labels[waypointLabel],
			namespace.Labels[waypointNamespaceLabel], namespaceLabel(namespace, waypointLabel),
		}
		c.waypoint(use)
		if use.name != "" && use.name != none && namespace.Labels[facts.DataplaneLabel] != "ambient" && !c.anyAmbient(namespace.Name) {
			c.notAmbient(use)
		}
	}
	for _, pod := range c.Pods {
		use := waypointUse{podsOf(pod), pod.Namespace, pod.Labels[waypointLabel], pod.Labels[waypointNamespaceLabel], labelAt(pod, waypointLabel)}
		c.waypoint(use)
		namespace := c.Facts.Namespace(pod.Namespace)
		mode, own := pod.Labels[facts.DataplaneLabel]
		if !own && namespace != nil {
			mode = namespace.Labels[facts.DataplaneLabel]
		}
		if use.name != "" && use.name != none && mode != "ambient" && (own || namespace != nil) {
			c.notAmbient(use)
		}
	}
	for _, service := range c.Facts.Services {
		name, _ := service.Item.Label(waypointLabel)
		in, _ := service.Item.Label(waypointNamespaceLabel)
		c.waypoint(waypointUse{fmt.Sprintf("Service %q", service.Name), service.Namespace, name, in, service.Source(diag.Join("metadata.labels", waypointLabel))})
	}
	for _, entry := range c.ServiceEntries {
		c.waypoint(waypointUse{
			entry.String(), entry.Namespace, entry.Labels[waypointLabel], entry.Labels[waypointNamespaceLabel],
			entry.At(diag.Join("metadata.labels", waypointLabel)),
		})
	}
}

func (c *checker) anyAmbient(namespace string) bool {
	for _, pod := range c.Selected(namespace, nil) {
		if pod.Labels[facts.DataplaneLabel] == "ambient" {
			return true
		}
	}
	return false
}

func (c *checker) notAmbient(use waypointUse) {
	c.report(diag.Finding{
		Code: diag.WaypointUnused, Severity: diag.Warning, Source: use.at,
		Message: use.label() + " has no effect on pods that are not in ambient mode",
		Because: []string{"neither they nor their Namespace have the label " + facts.DataplaneLabel + ": ambient"},
		Try:     facts.DataplaneLabel + ": ambient, or remove the label",
	})
}

// waypoint finds the Gateway that is to be the waypoint.
func (c *checker) waypoint(use waypointUse) {
	if use.name == "" || use.name == none {
		return
	}
	if use.in == "" {
		use.in = use.namespace
	}
	var names []string
	for _, object := range c.Rest {
		if object.Group() != cluster.GatewayAPIGroup || object.Kind != "Gateway" || object.Namespace != use.in {
			continue
		}
		class, _ := object.Item.String("spec", "gatewayClassName")
		if object.Name == use.name {
			c.waypointClass(use, object, class)
			return
		}
		if class == waypointClass {
			names = append(names, object.Name)
		}
	}
	finding := diag.Finding{
		Code: diag.WaypointMissing, Severity: diag.Info, Source: use.at,
		Message: fmt.Sprintf("not checked: %s names a waypoint, and the build has none in namespace %q", use.label(), use.in),
		Try:     "build it together with its Gateway",
	}
	if len(names) > 0 {
		finding.Severity = diag.Warning
		finding.Message = fmt.Sprintf("%s names no waypoint of namespace %q; the build has: %s", use.label(), use.in, diag.OneOf(names))
		if nearest, ok := diag.Nearest(use.name, names); ok {
			finding.Try, finding.Proposed = waypointLabel+": "+nearest, nearest
		}
	}
	c.report(finding)
}

// waypointClass finds gateways of Istio's that are not waypoints. A class of somebody's own may well be for waypoints.
func (c *checker) waypointClass(use waypointUse, object *cluster.Meta, class string) {
	switch class {
	case "istio", "istio-remote", "istio-east-west":
		c.report(diag.Finding{
			Code: diag.WaypointMissing, Severity: diag.Warning, Source: use.at,
			Message: fmt.Sprintf("%s names a Gateway of class %s, which is no waypoint", use.label(), class),
			Related: []diag.Source{object.At("spec.gatewayClassName")}, Try: "gatewayClassName: " + waypointClass,
		})
	}
}
