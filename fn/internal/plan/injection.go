package plan

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// withoutSidecar reports whether pods certainly get no sidecar, by what was decided or else by what the build says.
func (p *planner) withoutSidecar(workload *facts.Workload, decided Value[bool]) bool {
	if decided.IsZero() {
		return p.facts.StaysOut(workload)
	}
	return !decided.V
}

// needsSidecar finds a setting of sidecars on pods that get none. A default is skipped there.
func (p *planner) needsSidecar(workload *facts.Workload, sidecar Value[bool], setting string, from spec.Origin, refused diag.Finding) bool {
	switch {
	case !p.withoutSidecar(workload, sidecar):
		return true
	case from.Explicit():
		refused.Source, refused.Try = from.At, "sidecar: true, or remove "+setting
		p.report(refused)
	default:
		p.skipForPods(workload, setting, "its pods get no sidecar", from)
	}
	return false
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
