package plan

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// sized decides how many of a group of pods may be out at a time. Nil means that there is nothing to eject.
func (p *planner) sized(port *spec.Port, e *Ejection, pods []*facts.Workload, group string) *Ejection {
	at := askedEjection(port).At
	replicas := sum(pods)
	switch {
	case !replicas.Known:
		if e.MaxPercent.IsZero() {
			p.report(diag.Finding{
				Code: diag.OutlierReplicas, Severity: diag.Info, Source: at,
				Message: fmt.Sprintf("not checked: the number of pods of %s is unknown (%s), so Istio's maxEjectionPercent of 10 holds, which ejects nothing below 10 pods",
					group, replicas.From),
				Try: "maxEjectionPercent: 50, or whatever fits the number of pods",
			})
		}
		return e
	case replicas.Min <= 1:
		p.report(diag.Finding{
			Code: diag.OutlierReplicas, Severity: diag.Info, Source: at,
			Message: fmt.Sprintf("no outlier detection for the pods of %s: it may run with %d of them, and ejecting the last one would leave none", group, replicas.Min),
			Because: []string{"the number comes from " + replicas.From},
		})
		return p.noEjection(port, spec.Origin{Layer: spec.BuiltIn, Note: "ejecting the last pod would leave none"})
	}
	out := *e
	out.MaxPercent = p.maxPercent(e.MaxPercent, replicas, group)
	if e.MaxPercent.IsZero() {
		out.MaxPercent.From.Computed = countedFrom(e.From, pods)
	}
	return &out
}

// maxPercent checks the share that was asked for, or computes one. Envoy ejects a pod only while the share of ejected pods,
// this one included, stays within the limit, so a limit below one pod's share does nothing at all.
// https://github.com/envoyproxy/envoy/pull/27909
func (p *planner) maxPercent(asked Value[int32], replicas facts.Replicas, group string) Value[int32] {
	onePod := (100 + replicas.Min - 1) / replicas.Min
	if asked.IsZero() {
		percent := min(max(onePod, usualShare), 100*(replicas.Min-1)/replicas.Min)
		note := fmt.Sprintf("%d pods at least, from %s", replicas.Min, replicas.From)
		return Value[int32]{int32(percent), spec.Computed("outlierDetection.maxEjectionPercent", note)} //nolint:gosec // A percentage.
	}
	if int(asked.V) < onePod {
		severity := diag.Error
		if !asked.From.Explicit() { // A default does not have to fit every Service.
			severity = diag.Info
		}
		p.report(diag.Finding{
			Code: diag.OutlierPercent, Severity: severity, Source: asked.From.At,
			Message: fmt.Sprintf("maxEjectionPercent %d never ejects a pod of %s: one of its %d pods is %d%%", asked.V, group, replicas.Min, onePod),
			Because: []string{"the number of pods comes from " + replicas.From},
			Try:     fmt.Sprintf("maxEjectionPercent: %d", onePod), Proposed: strconv.Itoa(onePod),
		})
	}
	return asked
}

// countedFrom says where the number of pods is written.
func countedFrom(asked spec.Origin, pods []*facts.Workload) *spec.Inputs {
	from := &spec.Inputs{Asked: asked}
	for _, workload := range pods {
		from.Places = append(from.Places, workload.Replicas.Place)
	}
	return from
}

// sum adds up the pods of several workloads; one unknown number makes the sum unknown.
func sum(workloads []*facts.Workload) facts.Replicas {
	if len(workloads) == 0 {
		return facts.Replicas{From: "the build has no workload for it"}
	}
	total := facts.Replicas{Known: true}
	for i, workload := range workloads {
		if !workload.Replicas.Known {
			return facts.Replicas{From: workload.Replicas.From}
		}
		total.Min += workload.Replicas.Min
		if i > 0 {
			total.From += " and "
		}
		total.From += workload.Replicas.From
	}
	return total
}

// ejectPerSplit sizes outlier detection for each version, because Envoy counts each group on its own. What is the same
// for all of them stays with the Service.
func (p *planner) ejectPerSplit(in *spec.Service, out *Service) {
	if len(out.Splits) == 0 {
		return
	}
	for i := range out.Splits {
		split := &out.Splits[i]
		for j := range out.Ports {
			policy := out.Ports[j].Policy
			if policy.ejects() && len(split.workloads) > 0 {
				group := fmt.Sprintf("version %q of Service %q", split.Name, in.Facts.Name)
				policy.Ejection = p.sized(&in.Ports[j], policy.Ejection, split.workloads, group)
			}
			split.Policies = append(split.Policies, policy)
		}
	}
	p.ejectTogether(in, out)
	for i := range out.Splits {
		if len(out.Splits[i].workloads) == 0 { // Retiring: there is nobody to count.
			out.Splits[i].Policies = nil
		}
		if followsService(out.Splits[i].Policies, out.Ports) {
			out.Splits[i].Policies = nil
		}
	}
}

// ejectTogether keeps with the Service what the first of its splits has, for those that are not sized.
func (p *planner) ejectTogether(in *spec.Service, out *Service) {
	for j := range out.Ports {
		asked := out.Ports[j].Policy.Ejection != nil
		out.Ports[j].Policy.Ejection = commonEjection(out.Splits, j)
		if asked && out.Ports[j].Policy.Ejection == nil {
			p.skipEjection(in, &in.Ports[j])
		}
	}
}

// commonEjection is the outlier detection of the first split that has one.
func commonEjection(splits []Split, port int) *Ejection {
	for i := range splits {
		if ejection := splits[i].Policies[port].Ejection; ejection != nil {
			return ejection
		}
	}
	return nil
}

func followsService(policies []Policy, ports []Port) bool {
	for j := range policies {
		if !Same(policies[j], ports[j].Policy) {
			return false
		}
	}
	return len(policies) > 0
}

// Same reports whether two policies ask for the same, whoever asked.
func Same(a, b Policy) bool {
	left, errA := json.Marshal(a)
	right, errB := json.Marshal(b)
	return errA == nil && errB == nil && string(left) == string(right)
}
