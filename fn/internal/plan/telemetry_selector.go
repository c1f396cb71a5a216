package plan

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// attach names the Telemetry of a workload and says which pods it is for.
func (p *planner) attach(workload *facts.Workload, telemetry *Telemetry) *Telemetry {
	labels, missing := ownSelector(workload)
	if missing == nil {
		telemetry.Name, telemetry.Selector = p.workloadName(workload), labels
		telemetry.Object, telemetry.Labels = workload.Source, labelsOf(workload)
		return telemetry
	}
	if !telemetry.From.Explicit() {
		p.skipForPods(workload, "telemetry", missing.why, telemetry.From)
		return nil
	}
	p.report(diag.Finding{
		Code: diag.NoSelector, Source: telemetry.From.At,
		Message: fmt.Sprintf("telemetry needs an object for the pods of %s %q alone, and %s", workload.Kind, workload.Name, missing.why),
		Related: []diag.Source{workload.Source(missing.field)}, Try: missing.try + ", or write telemetry: false",
	})
	return nil
}

// shareTelemetry settles pods that the labels of another workload select too. One object is for both where both say the same;
// where they do not, nothing could tell them apart.
func (p *planner) shareTelemetry() {
	shared := map[*Pod]*Telemetry{} // what pods report by the object of another workload
	has := func(pod *Pod) bool { return pod.Telemetry != nil }
	p.eachShared(has, func(pod *Pod, workload *facts.Workload, other *Pod) {
		if other != nil && sameTelemetry(pod.Telemetry, cmp.Or(other.Telemetry, shared[other])) {
			other.Telemetry, shared[other] = nil, pod.Telemetry
			return
		}
		p.refuseShared(pod, workload)
	})
	p.out.Pods = slices.DeleteFunc(p.out.Pods, Pod.IsZero)
}

// sameTelemetry reports whether two workloads report the same, whoever asked for it.
func sameTelemetry(a, b *Telemetry) bool {
	if b == nil {
		return false
	}
	said := func(t Telemetry) string {
		t.Name, t.Owner, t.Selector = "", "", nil
		text, err := json.Marshal(t)
		if err != nil {
			return err.Error()
		}
		return string(text)
	}
	return said(*a) == said(*b)
}

func (p *planner) refuseShared(pod *Pod, other *facts.Workload) {
	workload := pod.Workload
	p.report(diag.Finding{
		Code: diag.NoSelector, Source: pod.Telemetry.From.At,
		Message: fmt.Sprintf("the labels that select the pods of %s %q, %s, select those of %s %q too, for which another telemetry holds",
			workload.Kind, workload.Name, labelText(pod.Telemetry.Selector), other.Kind, other.Name),
		Related: []diag.Source{other.Source(other.MetadataField("labels"))},
		Try:     fmt.Sprintf("the same telemetry for both, or a label of their own for the pods of %q, in its selector too", workload.Name),
	})
}
