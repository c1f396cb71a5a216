package guard

import (
	"bytes"
	"fmt"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// outside is about pods without a sidecar. Where a Mesh keeps them out, that was said when it was planned.
func (c *checker) outside(pod *cluster.Pod, stage spec.Stage) {
	at := pod.Source("metadata.name")
	if c.Said(diag.Unguarded, at) {
		return
	}
	finding := diag.Finding{
		Code: diag.Unguarded, Severity: diag.Warning, Source: at,
		Message: fmt.Sprintf("%s %q is at stage %s and has no sidecar, so it accepts calls from everybody", pod.Kind, pod.Name, stage.Name),
		Related: []diag.Source{stage.At},
		Try:     orException("a Mesh that covers it, with sidecar: true", pod),
	}
	if c.Stages.Injected[pod.Workload] {
		finding.Severity = diag.Error
		finding.Because = []string{"meshfn gave it one, and what came behind meshfn took it away"}
		finding.Try = orException("leave the label for injection as it is", pod)
	}
	c.report(finding)
}

// unsure is about pods of which nothing in the build says that they get a sidecar: what decides is elsewhere.
func (c *checker) unsure(pod *cluster.Pod, stage spec.Stage) {
	if hasProxy(pod) || c.Injection(pod).Sidecar != facts.Unknown {
		return
	}
	c.report(diag.Finding{
		Code: diag.Unguarded, Severity: diag.Info, Source: pod.Source("metadata.name"), Related: []diag.Source{stage.At},
		Message: fmt.Sprintf("not checked: whether %s has a sidecar to refuse plain text, which its Namespace decides; the build does not have that", named(pod, stage)),
		Try:     "sidecar: true",
	})
}

// uncovered finds pods that no Mesh speaks of, so that nothing is generated for them, and that nothing kept by hand guards.
func (c *checker) uncovered(pod *cluster.Pod, stage spec.Stage) {
	if c.closed[pod] || c.opened[pod] || c.refuses(c.MTLSOf(pod)) {
		return
	}
	c.report(diag.Finding{
		Code: diag.Unguarded, Severity: diag.Warning, Source: pod.Source("metadata.name"),
		Message: fmt.Sprintf("%s %q is at stage %s and no Mesh covers it, so nothing makes it refuse plain text", pod.Kind, pod.Name, stage.Name),
		Related: []diag.Source{stage.At},
		Try:     orException("a Mesh that covers it: the only one of its namespace, or an entry in one of them", pod),
	})
}

// unread finds pod templates in objects of a kind that is not read. Only a policy for the whole namespace reaches their pods.
func (c *checker) unread() {
	known := map[*item.Item]bool{}
	for _, pod := range c.Pods {
		known[pod.Item] = true
	}
	for _, it := range c.Items {
		if known[it] || !bytes.Contains(it.Raw(), []byte("containers")) {
			continue
		}
		stage, ok := c.Stages.GuardedNamespace(it.Namespace())
		if !ok || it.Field("spec.template.spec.containers") == nil || c.refuses(c.NamespaceMTLS(it.Namespace())) {
			continue
		}
		c.report(diag.Finding{
			Code: diag.Unguarded, Severity: diag.Warning, Source: it.Source("kind"),
			Message: fmt.Sprintf("the pods of %s %q are in a namespace at stage %s, and nothing makes them refuse plain text: pods of this kind are not read",
				it.Kind(), it.Name(), stage.Name),
			Related: []diag.Source{stage.At},
			Try:     "a PeerAuthentication with mode: STRICT for the whole namespace, and the label sidecar.istio.io/inject: \"true\" on its pods",
		})
	}
}
