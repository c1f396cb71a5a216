package policies

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// attachments finds policies that are for nobody.
func (c *checker) attachments() {
	for _, policy := range c.AuthorizationPolicies {
		c.attached(policy.Meta, diag.PolicyNoWorkload, diag.PolicyNoWorkload)
	}
	for _, peers := range c.PeerAuthentications {
		if peers.Namespace != c.Istio.RootNamespace || len(peers.Spec.GetSelector().GetMatchLabels()) == 0 {
			c.attached(peers.Meta, diag.PeerNoWorkload, diag.PolicyNoProxy)
		}
	}
	for _, tokens := range c.RequestAuthentications {
		c.attached(tokens.Meta, diag.PeerNoWorkload, diag.PolicyNoProxy)
	}
}

// attached reports an object whose selector matches no workload, or only workloads that nothing enforces it for.
func (c *checker) attached(object *cluster.Meta, nobody, noProxy diag.Code) {
	attachment := cluster.AttachmentOf(object)
	c.targets(object, attachment)
	reach := c.reach(object)
	switch {
	case reach.Elsewhere || len(attachment.Targets) > 0 || attachment.Everything() && nobody == diag.PeerNoWorkload:
	case len(reach.Pods) > 0:
		c.enforced(object, attachment, reach.Pods, noProxy)
	case attachment.Everything():
	case !reach.Known:
		c.report(diag.Finding{
			Code: nobody, Severity: diag.Info, Source: object.At(attachment.Field),
			Message: fmt.Sprintf("not checked: whether the selector of %s matches a workload; the build would have to contain those of %s",
				object.Resource, cluster.InNamespace(object.Namespace)),
		})
	default:
		c.report(c.unmatched(object, attachment, nobody))
	}
}

// unmatched says which label of a selector is at fault, where that can be told.
func (c *checker) unmatched(object *cluster.Meta, attachment cluster.Attachment, code diag.Code) diag.Finding {
	finding := diag.Finding{
		Code: code, Severity: diag.Warning, Source: object.At(attachment.Field),
		Message: fmt.Sprintf("the selector of %s matches no workload of %s, so it has no effect", object.Resource, cluster.InNamespace(object.Namespace)),
	}
	key, values := c.Misspelled(attachment)
	if key == "" {
		finding.Because = []string{"no pod template has all of these labels together"}
		return finding
	}
	finding.Source = object.At(diag.Join(attachment.Field, key))
	finding.Because = []string{fmt.Sprintf("no pod template has the label %s: %q", key, attachment.Labels[key])}
	if len(values) > 0 {
		finding.Because = append(finding.Because, fmt.Sprintf("the values of %s there: %s", key, diag.OneOf(values)))
	}
	if nearest, ok := diag.Nearest(attachment.Labels[key], values); ok {
		finding.Try, finding.Proposed = key+": "+nearest, nearest
	}
	return finding
}

// enforced reports a policy all of whose pods are certainly without a proxy.
func (c *checker) enforced(object *cluster.Meta, attachment cluster.Attachment, pods []*cluster.Pod, code diag.Code) {
	if attachment.Everything() && object.Namespace == c.Istio.RootNamespace {
		return // It is for the whole mesh, and the build has a part of it.
	}
	if slices.ContainsFunc(pods, func(pod *cluster.Pod) bool { return c.DataplaneOf(pod) != cluster.NoDataplane }) {
		return
	}
	c.report(diag.Finding{
		Code: code, Severity: diag.Warning, Source: object.At(attachment.Field),
		Message: fmt.Sprintf("nothing enforces %s: the pods that it is for get no sidecar (%s)", object.Resource, named(pods)),
		Related: placesOf(pods),
		Try:     "sidecar: true for them in the Mesh, or remove the policy",
	})
}

// targets reports targetRefs that name nothing.
func (c *checker) targets(object *cluster.Meta, attachment cluster.Attachment) {
	for _, target := range attachment.Targets {
		finding := diag.Finding{
			Code: diag.UnknownTarget, Severity: diag.Info, Source: object.At(diag.Join(target.Field, "name")),
			Message: fmt.Sprintf("not checked: whether there is a %s %q in %s; the build would have to contain it",
				target.Kind, target.Name, cluster.InNamespace(object.Namespace)),
		}
		switch target.Kind {
		case "Service":
			services := c.ServicesIn(object.Namespace)
			if slices.Contains(services, target.Name) || c.MadeService(target.Name, object.Namespace) {
				continue
			}
			noTarget(&finding, object, target.Name, services)
		case "Gateway":
			if c.KubernetesGateway(object.Namespace, target.Name) != nil {
				continue
			}
		default:
			continue // ServiceEntries and GatewayClasses, which nobody generates.
		}
		c.report(finding)
	}
}

// noTarget completes a finding about a Service that is not among those of the namespace.
func noTarget(finding *diag.Finding, object *cluster.Meta, name string, services []string) {
	if len(services) > 0 {
		finding.Severity = diag.Warning
		finding.Message = fmt.Sprintf("%s targets Service %q, which is not in %s", object.Resource, name, cluster.InNamespace(object.Namespace))
		finding.Because = []string{"its Services: " + diag.OneOf(services)}
	}
	if nearest, ok := diag.Nearest(name, services); ok {
		finding.Try, finding.Proposed = "name: "+nearest, nearest
	}
}
