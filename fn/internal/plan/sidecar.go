package plan

import (
	"fmt"
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
		if setting := "sidecar: " + value; decided.From.Explicit() && (value == "true" || value == "false") {
			finding.Try += ", or write " + setting
		} else if value == "true" || value == "false" {
			finding.Try += ", or write " + entryWith(workload, setting)
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
	if ok && decided.V && revision == "" && p.spec.Istio.Revision == "" {
		p.report(diag.Finding{
			Code: diag.SidecarConflict, Source: decided.From.At,
			Message: fmt.Sprintf("sidecar is true, and the pod template of %s %q has the label %s without a value, with which no revision injects",
				workload.Kind, workload.Name, facts.RevisionLabel),
			Related: []diag.Source{workload.Source(workload.MetadataField("labels", facts.RevisionLabel))},
			Try:     "remove the label " + facts.RevisionLabel + " from the pod template",
		})
	}
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
