package plan

import (
	"fmt"
	"reflect"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// attachGuard names what guards a workload and says which pods it is for.
func (p *planner) attachGuard(workload *facts.Workload, guard *Guard, from spec.Origin) *Guard {
	labels, missing := ownSelector(workload)
	if missing != nil {
		p.report(diag.Finding{
			Code: diag.NoSelector, Source: from.At,
			Message: fmt.Sprintf("auth needs objects for the pods of %s %q alone, and %s", workload.Kind, workload.Name, missing.why),
			Related: []diag.Source{workload.Source(missing.field)}, Try: missing.try,
		})
		return nil
	}
	if !guard.says() { // It was refused.
		return nil
	}
	guard.Namespace, guard.Selector = workload.Namespace, labels
	guard.NamespaceAt, guard.Object, guard.Labels = workload.Source("metadata.namespace"), workload.Source, labelsOf(workload)
	guard.named(p.workloadName(workload))
	return guard
}

// named gives the objects of a guard their names.
func (g *Guard) named(name string) {
	g.Name = name
	if len(g.Demands) > 0 {
		g.DemandName = shortened(name + "-jwt")
	}
	if g.Authorizer != nil {
		g.AskName = shortened(name + "-ext-authz")
	}
}

// shareGuards refuses a guard whose labels select other pods too, unless these are guarded alike: they would be asked for
// what nobody wrote for them.
func (p *planner) shareGuards() {
	has := func(pod *Pod) bool { return pod.Guard != nil }
	p.eachShared(has, func(pod *Pod, workload *facts.Workload, other *Pod) {
		if other != nil && guardedAlike(pod.Guard, other.Guard) {
			return
		}
		p.report(diag.Finding{
			Code: diag.NoSelector, Source: pod.Guard.From,
			Message: fmt.Sprintf("the labels that select the pods of %s %q, %s, select those of %s %q too, for which another auth holds",
				pod.Workload.Kind, pod.Workload.Name, labelText(pod.Guard.Selector), workload.Kind, workload.Name),
			Related: []diag.Source{workload.Source(workload.MetadataField("labels"))},
			Try:     fmt.Sprintf("the same auth for both, or a label of their own for the pods of %q, in its selector too", pod.Workload.Name),
		})
	})
}

// guardedAlike reports whether two workloads ask calls for the same on the same ports.
func guardedAlike(a, b *Guard) bool {
	if b == nil || len(a.Demands) != len(b.Demands) || (a.Authorizer == nil) != (b.Authorizer == nil) || a.DryRun.V != b.DryRun.V {
		return false
	}
	for i := range a.Demands {
		one, other := &a.Demands[i], &b.Demands[i]
		if !hasToken(b.Tokens, &a.Tokens[i]) || !reflect.DeepEqual(valuesOf(one.Claims), valuesOf(other.Claims)) || !sameScopes(one.Scopes, other.Scopes) {
			return false
		}
	}
	return a.Authorizer == nil || a.Authorizer.Provider.V == b.Authorizer.Provider.V && sameScopes(a.Authorizer.Scopes, b.Authorizer.Scopes)
}

func valuesOf(claims []Claim) map[string][]string {
	out := map[string][]string{}
	for _, claim := range claims {
		out[claim.Key] = claim.Values
	}
	return out
}

func sameScopes(a, b []GuardedCalls) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !reflect.DeepEqual(a[i].Ports, b[i].Ports) || !reflect.DeepEqual(a[i].Except.V, b[i].Except.V) {
			return false
		}
	}
	return true
}

// headersOf are the headers in which a token is looked for.
func headersOf(token *Token) []string {
	var names []string
	for _, header := range token.Headers {
		names = append(names, header.Name)
	}
	return names
}
