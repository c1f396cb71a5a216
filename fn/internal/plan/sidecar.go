package plan

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// sidecar decides whether the pods of a workload get a proxy. All Services of the workload must agree.
func (p *planner) sidecar(workload *facts.Workload, asked []*spec.Workload) Value[bool] {
	var decided Value[bool]
	for _, settings := range asked {
		value := given(settings.Settings.Sidecar, settings.Origins.Of("sidecar"))
		switch {
		case value.IsZero():
		case decided.IsZero() || value.From.Layer > decided.From.Layer && value.V == decided.V:
			decided = value
		case decided.V == value.V:
		case value.From.Explicit() && !decided.From.Explicit():
			decided = value
		case decided.From.Explicit() && !value.From.Explicit():
		default:
			p.report(diag.Finding{
				Code: diag.SidecarConflict, Source: value.From.At,
				Message: fmt.Sprintf("sidecar is %t here and %t elsewhere, and both speak of the pods of %s %q", value.V, decided.V, workload.Kind, workload.Name),
				Related: []diag.Source{decided.From.At},
				Try:     "write the same value in both places",
			})
			return Value[bool]{}
		}
	}
	if decided.IsZero() {
		return decided
	}
	p.checkTemplate(workload, decided)
	if decided.V {
		p.checkInjectable(workload, decided)
	}
	return decided
}

// checkTemplate finds labels and annotations of the template that say the opposite.
func (p *planner) checkTemplate(workload *facts.Workload, decided Value[bool]) {
	want := strconv.FormatBool(decided.V)
	conflict := func(field, key, value string) {
		finding := diag.Finding{
			Code: diag.SidecarConflict, Source: decided.From.At,
			Message: fmt.Sprintf("sidecar is %s, and the pod template of %s %q has the %s %s: %q", want, workload.Kind, workload.Name, field, key, value),
			Related: []diag.Source{workload.Source(workload.MetadataField(field+"s", key))},
			Try:     "remove the " + field + " from the pod template",
		}
		if value == "true" || value == "false" {
			finding.Try += ", or write sidecar: " + value
		}
		p.report(finding)
	}
	if value, ok := workload.Labels[facts.InjectLabel]; ok && value != want {
		conflict("label", facts.InjectLabel, value)
	}
	if value, ok := workload.Annotations[facts.InjectLabel]; ok && value != want {
		conflict("annotation", facts.InjectLabel, value)
	}
	revision, ok := workload.Labels[facts.RevisionLabel]
	if ok && decided.V && p.spec.Istio.Revision != "" && revision != p.spec.Istio.Revision {
		p.report(diag.Finding{
			Code: diag.SidecarConflict, Source: decided.From.At,
			Message: fmt.Sprintf("the pods of %s %q belong to revision %q by their template, and the profile says %q",
				workload.Kind, workload.Name, revision, p.spec.Istio.Revision),
			Related: []diag.Source{workload.Source(workload.MetadataField("labels", facts.RevisionLabel))},
			Try:     "remove the label " + facts.RevisionLabel + " from the pod template",
		})
	}
}

// checkInjectable finds the places where Istio's injector never looks, whatever the pod's label says.
func (p *planner) checkInjectable(workload *facts.Workload, decided Value[bool]) {
	refuse := func(why, try string, related diag.Source) {
		p.report(diag.Finding{
			Code: diag.CannotInject, Source: decided.From.At,
			Message: fmt.Sprintf("the pods of %s %q cannot get a sidecar: %s", workload.Kind, workload.Name, why),
			Related: []diag.Source{related}, Try: try,
		})
	}
	if workload.HostNetwork {
		refuse("they use the network of the node, where Istio injects nothing", "sidecar: false, or remove hostNetwork",
			workload.Source(workload.TemplateField("spec", "hostNetwork")))
	}
	if slices.Contains(facts.SystemNamespaces(), workload.Namespace) {
		refuse("Istio never injects into namespace "+workload.Namespace, "sidecar: false", workload.Source("metadata.namespace"))
	}
	namespace := p.facts.Namespace(workload.Namespace)
	if namespace == nil {
		return
	}
	revision := p.spec.Istio.Revision
	injection, decides := namespace.Labels[facts.InjectionLabel]
	other, revised := namespace.Labels[facts.RevisionLabel]
	switch {
	case decides && injection != "enabled":
		refuse(fmt.Sprintf("namespace %q has the label %s: %q, with which Istio ignores the label of a pod", workload.Namespace, facts.InjectionLabel, injection),
			"remove the label from the Namespace", namespace.Source(diag.Join("metadata.labels", facts.InjectionLabel)))
	case decides && revision != "" && revision != facts.DefaultRevision:
		refuse(fmt.Sprintf("namespace %q has the label %s: %q, which wins over the revision %q of the profile", workload.Namespace, facts.InjectionLabel, injection, revision),
			"remove the label from the Namespace, or the revision from the profile", namespace.Source(diag.Join("metadata.labels", facts.InjectionLabel)))
	case decides: // It also wins over the other label of the Namespace.
	case revised && revision != "" && other != revision:
		refuse(fmt.Sprintf("namespace %q has the label %s: %q, which wins over the revision %q of the profile", workload.Namespace, facts.RevisionLabel, other, revision),
			"make the two the same, or remove the label from the Namespace", namespace.Source(diag.Join("metadata.labels", facts.RevisionLabel)))
	}
}
