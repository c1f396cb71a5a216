package extensions

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// ambient finds what only a waypoint carries out, and that none does.
// https://istio.io/latest/docs/ambient/usage/l7-features/
func (c *checker) ambient() {
	for _, object := range c.WasmPlugins {
		c.waypoint(object.Meta, diag.AmbientWasmSelector, diag.AmbientWasmNoWaypoint)
	}
	for _, object := range c.Telemetries {
		if aboutRequests(object) {
			c.waypoint(object.Meta, diag.AmbientTraceSelector, diag.AmbientTraceNoWaypoint)
		}
	}
}

// aboutRequests reports whether a Telemetry speaks of what a connection does not show.
func aboutRequests(object *telemetryObject) bool {
	for _, metrics := range object.Spec.GetMetrics() {
		if len(metrics.GetOverrides()) > 0 {
			return true
		}
	}
	return len(object.Spec.GetTracing())+len(object.Spec.GetAccessLogging()) > 0
}

func (c *checker) waypoint(object *cluster.Meta, selector, waypoint diag.Code) {
	namespace := c.AmbientNamespace(object.Namespace)
	if namespace == nil {
		return
	}
	place := namespace.Source(diag.Join("metadata.labels", facts.DataplaneLabel))
	attachment := cluster.AttachmentOf(object)
	if len(attachment.Targets) == 0 {
		pods := c.Reach(attachment).Pods
		if len(pods) > 0 && !slices.ContainsFunc(pods, func(pod *cluster.Pod) bool { return c.DataplaneOf(pod) == cluster.Ambient }) {
			return // They have proxies of their own, which carry it out.
		}
		c.report(diag.Finding{
			Code: selector, Severity: diag.Warning, Source: object.At(attachment.Field),
			Message: fmt.Sprintf("%s has no effect: namespace %q is in ambient mode, where it has to name its targets", object.Resource, object.Namespace),
			Related: []diag.Source{place},
			Try:     "targetRefs: [{kind: Service, group: \"\", name: …}] instead of the selector, with a waypoint for the Service",
		})
		return
	}
	for _, target := range attachment.Targets {
		service := c.serviceOf(object.Namespace, target)
		if service == nil || c.Waypoint(object.Namespace, service) {
			continue
		}
		c.report(diag.Finding{
			Code: waypoint, Severity: diag.Warning, Source: object.At(target.Field),
			Message: fmt.Sprintf("%s has no effect: calls to Service %q do not go through a waypoint", object.Resource, target.Name),
			Related: []diag.Source{service.Source("metadata.labels"), place},
			Try:     fmt.Sprintf("the label %s: waypoint on the Service or the Namespace", cluster.WaypointLabel),
		})
	}
}

func (c *checker) serviceOf(namespace string, target cluster.Target) *facts.Service {
	for _, service := range c.Facts.Services {
		if target.Kind == "Service" && service.Namespace == namespace && service.Name == target.Name {
			return service
		}
	}
	return nil
}
