package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// wholeScope decides whether one scope is for all pods of a namespace: where the profile asks for it and no pods of the
// build would have less than they need. In the root namespace it would be that of every namespace.
// https://istio.io/latest/docs/reference/config/networking/sidecar/
func (p *planner) wholeScope(namespace string, wanted []*scoped) bool {
	if p.spec.Scope.Sidecars != scopeNamespace {
		return false
	}
	finding := diag.Finding{Code: diag.ScopeIncomplete, Severity: diag.Info, Source: wanted[0].from.At, Related: []diag.Source{p.spec.Scope.At("sidecars")}}
	if namespace == p.spec.Istio.RootNamespace {
		finding.Message = fmt.Sprintf("namespace %q is the root namespace, where a Sidecar without a workloadSelector is that of every namespace: each workload gets its own",
			namespace)
		p.report(finding)
		return false
	}
	var missing []string
	for _, workload := range p.facts.Workloads {
		declared := slices.ContainsFunc(wanted, func(one *scoped) bool { return one.workload == workload })
		if workload.Namespace == namespace && !declared && p.readsScopes(workload) {
			missing = append(missing, workload.Kind+"/"+workload.Name)
		}
	}
	if len(missing) == 0 {
		return true
	}
	finding.Message = fmt.Sprintf("namespace %q gets a Sidecar per workload and not one for all, because nobody says what %s depends on", namespace, listed(missing))
	finding.Try = "dependsOn for them too, [] for one that calls nobody"
	p.report(finding)
	return false
}

// listed names a few things of many.
func listed(names []string) string {
	const few = 5
	if len(names) > few {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
	}
	return diag.OneOf(names)
}

// readsScopes reports whether pods have proxies that a scope could limit.
func (p *planner) readsScopes(workload *facts.Workload) bool {
	return !p.withoutSidecar(workload, p.scoping.sidecar[workload]) && !workload.Gateway()
}

// apart gives each workload labels by which its scope is for its pods alone. Where they select the pods of others too, one
// scope is for all of them; two for the same pods would leave it to Istio which one holds.
func (p *planner) apart(wanted []*scoped) []*scoped {
	known := map[*facts.Workload]*scoped{}
	for _, one := range wanted {
		if p.selectsPods(one) {
			known[one.workload] = one
		}
	}
	// The widest labels come first, so that they take in what narrower ones have taken in.
	order := slices.SortedStableFunc(slices.Values(wanted), func(a, b *scoped) int {
		return cmp.Compare(len(b.workload.AlsoSelected), len(a.workload.AlsoSelected))
	})
	within := map[*facts.Workload]*scoped{}
	for _, one := range order {
		if known[one.workload] == one && within[one.workload] == nil {
			p.takeIn(one, known, within)
		}
	}
	return slices.DeleteFunc(wanted, func(one *scoped) bool { return known[one.workload] != one || within[one.workload] != nil })
}

// takeIn makes a scope that of all pods which its labels select.
func (p *planner) takeIn(one *scoped, known, within map[*facts.Workload]*scoped) {
	for _, workload := range one.workload.AlsoSelected {
		other := known[workload]
		switch {
		case !p.readsScopes(workload):
		case other == nil || within[workload] != nil || len(other.parts) > 1:
			p.refuseShares(one, workload, other != nil || p.scoping.kept[workload])
		default:
			within[workload] = one
			one.parts = append(one.parts, other.parts...)
		}
	}
}

// selectsPods finds the labels of a workload's pods.
func (p *planner) selectsPods(one *scoped) bool {
	workload := one.workload
	labels, missing := ownSelector(workload)
	if missing == nil {
		one.selector = labels
		return true
	}
	if !one.from.Explicit() {
		p.skipForPods(workload, "dependsOn", missing.why, one.from)
		return false
	}
	p.report(diag.Finding{
		Code: diag.NoSelector, Source: one.from.At,
		Message: fmt.Sprintf("dependsOn needs a Sidecar for the pods of %s %q alone, and %s", workload.Kind, workload.Name, missing.why),
		Related: []diag.Source{workload.Source(missing.field)}, Try: missing.try,
	})
	return false
}

// refuseShares refuses a scope that would limit other pods, of which nobody says what they need or another scope is said.
func (p *planner) refuseShares(one *scoped, other *facts.Workload, scoped bool) {
	workload := one.workload
	effect, try := "whose sidecars would know only what the first depends on", fmt.Sprintf("dependsOn for %q too, or ", other.Name)
	if scoped {
		effect, try = "for which there is another Sidecar", ""
	}
	p.report(diag.Finding{
		Code: diag.ScopeShared, Source: one.from.At,
		Message: fmt.Sprintf("the labels that select the pods of %s %q, %s, select those of %s %q too, %s",
			workload.Kind, workload.Name, labelText(one.selector), other.Kind, other.Name, effect),
		Related: []diag.Source{other.Source(other.MetadataField("labels"))},
		Try:     fmt.Sprintf("%sa label of their own for the pods of %q, in its selector too", try, workload.Name),
	})
}

// keepScopes notes whose scope the user keeps by hand.
func (p *planner) keepScopes(service *spec.Service) {
	if !byHand(service.Manage.Sidecar) {
		return
	}
	for _, template := range service.Workload.Templates {
		p.scoping.kept[template] = true
	}
}
