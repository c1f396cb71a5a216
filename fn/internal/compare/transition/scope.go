package transition

import (
	"fmt"
	"slices"
	"strings"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

type sidecar = cluster.Object[*networking.Sidecar]

// scope finds pods that run whose sidecars forget a host that they call in OLD. The configuration of a proxy changes at once; the
// code that calls changes when its pods are replaced.
func (c *checker) scope() {
	said := map[[2]string]bool{}
	for _, one := range c.calls {
		key := [2]string{one.subject, one.callee()}
		service := c.now.Service(one.name, one.in)
		if !one.was || one.is || !one.stays() || service == nil || said[key] {
			continue
		}
		for _, before := range one.before {
			if !proxied(c.old, before) || c.podsAfter[podName(before)] == nil || brief(before) {
				continue
			}
			knew, knows := sidecarOf(c.old, before), sidecarOf(c.now, before)
			if knows == nil || !imports(c.old, knew, service) || imports(c.now, knows, service) {
				continue
			}
			said[key] = true
			c.forgets(one, knows, service)
			break
		}
	}
	c.scopeBegins()
}

// sidecarOf is the Sidecar that configures the proxy of some pods: their own, that of their namespace, or that of the mesh.
// https://istio.io/latest/docs/reference/config/networking/sidecar/
func sidecarOf(v *cluster.View, pod *cluster.Pod) *sidecar {
	var namespace, mesh *sidecar
	for _, one := range v.Sidecars {
		labels := one.Spec.GetWorkloadSelector().GetLabels()
		switch {
		case one.Namespace == pod.Namespace && len(labels) > 0 && facts.Matches(labels, pod.Labels):
			return one
		case one.Namespace == pod.Namespace && len(labels) == 0:
			namespace = one
		case one.Namespace == v.Istio.RootNamespace && len(labels) == 0:
			mesh = one
		}
	}
	if namespace != nil {
		return namespace
	}
	return mesh
}

// imports reports whether a Sidecar brings a Service to its proxies; without one, they know everything.
func imports(v *cluster.View, one *sidecar, service *facts.Service) bool {
	if one == nil || len(one.Spec.GetEgress()) == 0 {
		return true
	}
	host := service.Name + "." + service.Namespace + ".svc." + v.Istio.ClusterDomain
	for _, listener := range one.Spec.GetEgress() {
		if slices.ContainsFunc(listener.GetHosts(), func(entry string) bool { return brings(entry, one.Namespace, service.Namespace, host) }) {
			return true
		}
	}
	return false
}

// brings reports whether an entry such as shop/*, ./cart.shop.svc.cluster.local or */* takes in a host of a namespace.
func brings(entry, own, namespace, host string) bool {
	in, name, found := strings.Cut(entry, "/")
	if !found || in == "~" || strings.HasPrefix(in, "~") {
		return false
	}
	return (in == "*" || in == namespace || in == "." && own == namespace) && (name == host || cluster.Covers(name, host))
}

// refusesUnknown reports whether a proxy refuses calls to hosts that it does not know, which the Sidecar says or the mesh.
func refusesUnknown(v *cluster.View, one *sidecar) bool {
	if one != nil && one.Spec.GetOutboundTrafficPolicy() != nil {
		return one.Spec.GetOutboundTrafficPolicy().GetMode() == networking.OutboundTrafficPolicy_REGISTRY_ONLY
	}
	return v.Istio.OutboundPolicy == "REGISTRY_ONLY"
}

func (c *checker) forgets(one *call, knows *sidecar, service *facts.Service) {
	finding := diag.Finding{
		Code: diag.ScopeNarrowed, Severity: diag.Warning, Source: written(c.to, knows.Meta, "spec.egress", one.subject, "dependsOn"),
		Related: []diag.Source{one.dependsOnBefore},
		Try: steps(
			fmt.Sprintf("roll out code of %s that no longer calls %s, and keep it in dependsOn", one.subject, one.callee()),
			"once its pods are replaced, take it out of dependsOn",
		),
	}
	by := c.lostBy(one)
	if by != nil {
		finding.Try = steps(
			fmt.Sprintf("roll out code of %s that no longer calls %s; keep it in dependsOn until then, and who may call %s as it is", one.subject, one.callee(), one.callee()),
			"once its pods are replaced, take it out of dependsOn, and out of the callers",
		)
	}
	what := fmt.Sprintf("%s no longer says that it calls %s, and its pods that run may do so until they are replaced: ", one.subject, one.callee())
	switch mode, strict := c.allStrict(one, service); {
	case refusesUnknown(c.now, knows):
		finding.Message = what + "their sidecars refuse such calls at once"
		finding.Because = []string{"sidecars call only hosts that they know, and " + knows.String() + " forgets this one"}
	case strict:
		finding.Message = what + "their sidecars pass such calls by without mutual TLS, which is all that it accepts"
		finding.Because = []string{mode.Who() + " says STRICT, and " + knows.String() + " forgets the host"}
		finding.Related = append(finding.Related, c.modeAt(one, mode))
	case by != nil:
		finding.Message = what + "such calls are refused at once"
		finding.Because = []string{knows.String() + " forgets the host"}
	default:
		finding.Severity = diag.Info
		finding.Message = what + "such calls go without mutual TLS, routes and retries from now on"
		finding.Because = []string{knows.String() + " forgets the host"}
	}
	if by != nil {
		finding.Because = append(finding.Because, by.String()+" permits them no more")
	}
	c.report(finding)
}

// scopeBegins finds pods whose sidecars knew every host of the mesh and may call only some from now on. What they really call is known to
// nobody but them.
func (c *checker) scopeBegins() {
	said := map[*sidecar]bool{}
	for _, before := range c.old.Pods {
		after := c.podsAfter[podName(before)]
		if after == nil || !proxied(c.old, before) || before.Gateway() || sidecarOf(c.old, before) != nil {
			continue
		}
		knows := sidecarOf(c.now, before)
		if knows == nil || said[knows] || !refusesUnknown(c.now, knows) {
			continue
		}
		said[knows] = true
		subject := podName(after)
		if len(after.Services) > 0 {
			subject = subjectOf(after.Services[0])
		}
		c.report(diag.Finding{
			Code: diag.ScopeBegins, Severity: diag.Warning, Source: written(c.to, knows.Meta, "spec", subject, "dependsOn"),
			Message: fmt.Sprintf("not known whether %s calls anything besides what it says: until now its sidecar knew every host, and it refuses calls to others at once", podName(after)),
			Because: []string{"sidecars call only hosts that they know, and " + knows.String() + " is the first to say which these are"},
			Try: steps(
				"say what it calls while other calls still pass, and look for these in the metrics, as destination_service_name PassthroughCluster",
				"once there are none, refuse them",
			),
		})
	}
}
