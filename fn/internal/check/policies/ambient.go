package policies

import (
	"fmt"
	"slices"
	"strings"

	security "istio.io/api/security/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// ambient finds what namespaces in ambient mode do not carry out.
// https://istio.io/latest/docs/ambient/usage/l7-features/
func (c *checker) ambient() {
	for _, policy := range c.AuthorizationPolicies {
		if what := needsHTTP(policy); what != "" {
			c.waypoint(policy.Meta, waypointCodes{diag.AmbientSelector, diag.AmbientNoWaypoint}, "the policy needs HTTP ("+what+")")
		}
	}
	for _, tokens := range c.RequestAuthentications {
		c.waypoint(tokens.Meta, waypointCodes{diag.AmbientTokenSelector, diag.AmbientTokenNoWaypoint}, "tokens are part of HTTP")
	}
	for _, sidecar := range c.Sidecars {
		c.ambientSidecar(sidecar.Meta)
	}
}

// needsHTTP is a field of a policy that only HTTP has.
func needsHTTP(policy *authorizationPolicy) (what string) {
	eachCondition(policy, func(condition *security.Condition, _ string) {
		if strings.HasPrefix(condition.GetKey(), "request.") {
			what = condition.GetKey()
		}
	})
	eachOperation(policy, func(operation *security.Operation, _ string) {
		if found := httpOperation(operation); found != "" {
			what = found
		}
	})
	eachSource(policy, func(source *security.Source, _ string) {
		if len(source.GetRequestPrincipals())+len(source.GetNotRequestPrincipals()) > 0 {
			what = "requestPrincipals"
		}
	})
	return what
}

type waypointCodes struct{ selector, waypoint diag.Code }

// waypoint reports an object that only a waypoint carries out, and that none does.
func (c *checker) waypoint(object *cluster.Meta, codes waypointCodes, because string) {
	namespace := c.AmbientNamespace(object.Namespace)
	if namespace == nil {
		return
	}
	attachment := cluster.AttachmentOf(object)
	if len(attachment.Targets) == 0 {
		c.selected(object, attachment, namespace, codes.selector, because)
		return
	}
	for _, target := range attachment.Targets {
		service := c.serviceOf(object.Namespace, target)
		if service == nil || c.Waypoint(object.Namespace, service) {
			continue
		}
		c.report(diag.Finding{
			Code: codes.waypoint, Severity: diag.Warning, Source: object.At(target.Field),
			Message: fmt.Sprintf("nothing enforces %s: calls to Service %q do not go through a waypoint", object.Resource, target.Name),
			Because: []string{because + ", which in ambient mode only a waypoint understands"},
			Related: []diag.Source{service.Source("metadata.labels")},
			Try:     fmt.Sprintf("the label %s: waypoint on the Service or the Namespace", cluster.WaypointLabel),
		})
	}
}

// selected reports an object with a selector, which a waypoint does not take. It is surely wrong where a pod of the build
// is selected; pods that still have a sidecar carry it out themselves.
func (c *checker) selected(object *cluster.Meta, attachment cluster.Attachment, namespace *facts.Namespace, code diag.Code, because string) {
	reach := c.reach(object)
	inAmbient := func(pod *cluster.Pod) bool { return c.DataplaneOf(pod) == cluster.Ambient }
	if len(reach.Pods) > 0 && !slices.ContainsFunc(reach.Pods, inAmbient) {
		return
	}
	finding := diag.Finding{
		Code: code, Severity: diag.Warning, Source: object.At(attachment.Field),
		Message: fmt.Sprintf("%s does not do what it says: namespace %q is in ambient mode, where it has to name its targets", object.Resource, object.Namespace),
		Because: []string{because + ", which in ambient mode only a waypoint understands, and a waypoint takes only objects with targetRefs"},
		Related: []diag.Source{namespace.Source(diag.Join("metadata.labels", facts.DataplaneLabel))},
		Try:     "targetRefs: [{kind: Service, group: \"\", name: …}] instead of the selector, with a waypoint for the Service",
	}
	if code == diag.AmbientSelector && len(reach.Pods) > 0 {
		finding.Severity = diag.Error
	}
	c.report(finding)
}

func (c *checker) serviceOf(namespace string, target cluster.Target) *facts.Service {
	if target.Kind != "Service" {
		return nil
	}
	return c.Service(target.Name, namespace)
}

// ambientSidecar reports a Sidecar none of whose pods has a proxy of its own.
func (c *checker) ambientSidecar(object *cluster.Meta) {
	attachment := cluster.AttachmentOf(object)
	namespace := c.AmbientNamespace(object.Namespace)
	pods := c.reach(object).Pods
	ambient := func(pod *cluster.Pod) bool { return c.DataplaneOf(pod) == cluster.Ambient }
	switch {
	case namespace == nil, len(pods) == 0 && !attachment.Everything():
		return
	case slices.ContainsFunc(pods, func(pod *cluster.Pod) bool { return !ambient(pod) }):
		return
	}
	c.report(diag.Finding{
		Code: diag.AmbientSidecar, Severity: diag.Warning, Source: object.At("spec"),
		Message: fmt.Sprintf("%s has no effect: its pods are in ambient mode and have no proxy of their own", object.Resource),
		Related: []diag.Source{namespace.Source(diag.Join("metadata.labels", facts.DataplaneLabel))},
		Try:     "remove it",
	})
}
