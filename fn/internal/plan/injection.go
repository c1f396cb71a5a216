package plan

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// staysOut reports whether pods certainly get no sidecar where the spec says nothing: by their own labels, or by those of
// their Namespace. Where the build does not own the Namespace, nothing is certain.
// https://istio.io/latest/docs/ops/common-problems/injection/#the-result-of-sidecar-injection-was-not-what-i-expected
func (p *planner) staysOut(workload *facts.Workload) bool {
	return p.facts.Injection(workload, workload.Labels, workload.Annotations).Sidecar == facts.No
}

// refuseAmbient refuses namespaces without sidecars: what is generated here would have no effect there.
func (p *planner) refuseAmbient() {
	refused := map[string]bool{}
	refuse := func(name string, at diag.Source) {
		namespace := p.facts.Namespace(name)
		if namespace == nil || namespace.Labels[facts.DataplaneLabel] != "ambient" || refused[name] {
			return
		}
		refused[name] = true
		p.report(diag.Finding{
			Code: diag.UnsupportedIstio, Source: at,
			Message: fmt.Sprintf("namespace %q is in ambient mode, and this version of meshfn writes for sidecars only", name),
			Related: []diag.Source{namespace.Source(diag.Join("metadata.labels", facts.DataplaneLabel))},
			Try:     "remove the Mesh from the build, or the label " + facts.DataplaneLabel + " from the Namespace",
		})
	}
	for i := range p.spec.Services {
		refuse(p.spec.Services[i].Facts.Namespace, p.spec.Services[i].Owner.At)
	}
	for i := range p.spec.Workloads {
		for _, template := range p.spec.Workloads[i].Templates {
			refuse(template.Namespace, p.spec.Workloads[i].Owner.At)
		}
	}
}

// checkImmutable says that the template of a Job that is already in the cluster cannot take a new label. Jobs that are
// created anew each time are not affected: those without a fixed name, and hooks of Argo CD and Helm.
func (p *planner) checkImmutable(workload *facts.Workload, key, value string, at diag.Source) {
	if workload.Kind != "Job" || workload.Labels[key] == value || workload.Name == "" {
		return
	}
	for _, hook := range []string{"argocd.argoproj.io/hook", "helm.sh/hook"} {
		if _, ok := workload.Item.Annotation(hook); ok {
			return
		}
	}
	p.report(diag.Finding{
		Code: diag.ImmutableTemplate, Severity: diag.Warning, Source: at,
		Message: fmt.Sprintf("the pod template of Job %q cannot change once the Job exists: applying the label %s to one that is already in the cluster fails",
			workload.Name, key),
		Related: []diag.Source{workload.Source(workload.MetadataField("labels"))},
		Try:     "delete the Job before the next apply, or give it a new name",
	})
}
