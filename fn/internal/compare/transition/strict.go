package transition

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// strictMode finds callers whose pods run without a sidecar when their callee begins to refuse plain text. The mode holds at
// once; a caller has its sidecar only when its pods are replaced.
// https://istio.io/latest/docs/tasks/security/authentication/mtls-migration/
func (c *checker) strictMode() {
	said := map[[2]string]bool{}
	var refused []refusal
	for _, one := range c.calls {
		service := c.now.Service(one.name, one.in)
		if service == nil || !one.stays() || said[[2]string{one.subject, one.callee()}] {
			continue
		}
		mode, refuses := c.turnsStrict(one, service)
		if !refuses {
			continue
		}
		before, sure := c.runsWithout(one)
		if sure != has {
			said[[2]string{one.subject, one.callee()}] = true
			refused = append(refused, refusal{one, before, mode, c.modeAt(one, mode), sure})
		}
	}
	c.refusesPlain(refused)
	c.unknownCallers()
}

// runsWithout finds pods of a caller that run without a sidecar, and have one in NEW. Those that have none there either are
// what the check of NEW itself is about, unless it no longer knows of the call.
func (c *checker) runsWithout(one *call) (*cluster.Pod, sureness) {
	for _, before := range one.before {
		after := c.podsAfter[podName(before)]
		if before.Gateway() || brief(before) || after == nil {
			continue
		}
		sure := c.without(before, after)
		if sure == has || one.is && !proxied(c.now, after) {
			continue
		}
		return before, sure
	}
	return nil, has
}

// turnsStrict reports whether pods of a callee refuse plain text in NEW, and did not before, on all ports that a call may be
// for.
func (c *checker) turnsStrict(one *call, service *facts.Service) (mode cluster.MTLS, found bool) {
	for _, pod := range podsBehind(c.now, service) {
		if pod.Gateway() || !proxied(c.now, pod) {
			continue
		}
		all, any := true, false
		for _, target := range c.targets(one, service, pod) {
			at := c.now.MTLSOf(pod).Port(target)
			if at.Mode != cluster.StrictMTLS || c.strictBefore(pod, target) || at.By == nil && !c.excepted(pod, target) {
				all = false
				continue
			}
			mode, any = at, true
		}
		if any && all {
			return mode, true
		}
	}
	return mode, false
}

// targets are the ports of the pods that a call may arrive at, without those that the sidecar does not see.
func (c *checker) targets(one *call, service *facts.Service, pod *cluster.Pod) []uint32 {
	var out []uint32
	for i := range service.Ports {
		port := &service.Ports[i]
		if !port.Protocol.Proxied() || !one.to(service, port) {
			continue
		}
		number, _ := pod.Target(port)
		if !slices.Contains(facts.PortList(pod.Annotations[facts.ExcludeInboundPorts]), number) {
			out = append(out, uint32(number)) //nolint:gosec // It is a port.
		}
	}
	return out
}

// strictBefore reports whether pods refused plain text on a port in OLD.
func (c *checker) strictBefore(pod *cluster.Pod, target uint32) bool {
	before := c.podsBefore[podName(pod)]
	return proxied(c.old, before) && c.old.MTLSOf(before).Port(target).Mode == cluster.StrictMTLS
}

// excepted reports whether pods were an exception from what the profile says of the whole mesh, which is a fact and no change:
// by an object that accepted plain text, or because they had no sidecar that could refuse it.
func (c *checker) excepted(pod *cluster.Pod, target uint32) bool {
	before := c.podsBefore[podName(pod)]
	return before != nil && (c.old.DataplaneOf(before) == cluster.NoDataplane || c.old.MTLSOf(before).Port(target).By != nil)
}

// modeAt is where NEW says that plain text is refused.
func (c *checker) modeAt(one *call, mode cluster.MTLS) diag.Source {
	if mode.By == nil {
		return mode.At()
	}
	return written(c.to, mode.By.Meta, "spec.mtls.mode", one.callee(), "stage")
}

// sidecarAt is where NEW asks for the sidecar of pods, else their template.
func (c *checker) sidecarAt(before *cluster.Pod) diag.Source {
	if after := c.podsAfter[podName(before)]; after != nil {
		for _, subject := range append([]string{podName(after)}, subjectsOf(after)...) {
			if at := c.to.Where(subject, "sidecar"); at != (diag.Source{}) {
				return at
			}
		}
		return c.to.Located(after.Source(after.MetadataField("labels")))
	}
	return c.from.Located(before.Source("metadata.name"))
}

func subjectsOf(pod *cluster.Pod) []string {
	subjects := make([]string, 0, len(pod.Services))
	for _, service := range pod.Services {
		subjects = append(subjects, subjectOf(service))
	}
	return subjects
}

// unknownCallers finds PeerAuthentications of somebody's own that begin to refuse plain text, where nobody says that all
// callers are known. The stages of a rollout ask for that statement themselves.
func (c *checker) unknownCallers() {
	for _, pa := range c.now.PeerAuthentications {
		if _, generated := pa.Annotations[sourceAnnotation]; generated || c.to.Catalog.Complete != nil && *c.to.Catalog.Complete {
			continue
		}
		service := c.firstUnknown(pa.Meta)
		if service == nil {
			continue
		}
		c.report(diag.Finding{
			Code: diag.StrictUnknown, Severity: diag.Warning, Source: c.to.Located(pa.At("spec.mtls.mode")),
			Message: fmt.Sprintf("not known who calls %s, which begins to refuse plain text: callers that run without a sidecar fail at once", subjectOf(service)),
			Because: []string{"nothing says that all its callers are known"},
			Related: []diag.Source{c.to.Located(service.Source("metadata.name"))},
			Try:     "callersComplete: true for the Service once every caller has a sidecar; Istio's metric istio_requests_total with connection_security_policy=none shows who has none",
		})
	}
}

// firstUnknown is the first Service whose pods a PeerAuthentication makes strict though its callers may not all be known.
func (c *checker) firstUnknown(pa *cluster.Meta) *facts.Service {
	for _, service := range c.now.Facts.Services {
		said := c.to.Catalog.Services[service.Name+"."+service.Namespace]
		if said == nil || said.CallersComplete != nil && *said.CallersComplete {
			continue
		}
		for _, pod := range podsBehind(c.now, service) {
			mode := c.now.MTLSOf(pod)
			if mode.Mode == cluster.StrictMTLS && mode.By != nil && mode.By.Meta == pa && proxied(c.now, pod) && !pod.Gateway() &&
				c.podsBefore[podName(pod)] != nil && !c.strictBefore(pod, 0) {
				return service
			}
		}
	}
	return nil
}
