package plan

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Namespace is a namespace in which every pod gets a sidecar that is not kept out.
type Namespace struct {
	Name     string      `json:"name"`
	Revision string      `json:"revision,omitempty" from:"RevisionFrom"`
	From     diag.Source `json:"-"`

	RevisionFrom spec.Origin `json:"-"`

	Facts *facts.Namespace `json:"-"` // the object that is labelled
}

// Label is the label by which Istio's injector takes every pod of the namespace.
func (n *Namespace) Label() (key, value string) {
	if n.Revision != "" {
		return facts.RevisionLabel, n.Revision
	}
	return facts.InjectionLabel, "enabled"
}

// injectsNamespace reports whether the rollout takes a namespace into the mesh as a whole.
func (p *planner) injectsNamespace(name string) bool {
	return slices.ContainsFunc(p.spec.Namespaces, func(n spec.Namespace) bool {
		return n.Name == name && n.Injected && n.Stage.Permits(v1alpha1.StageObserve)
	})
}

// namespaces plans the labels of Namespaces, which from here on count for every pod in them.
func (p *planner) namespaces() {
	planned := map[string]bool{}
	for i := range p.spec.Namespaces {
		in := &p.spec.Namespaces[i]
		if planned[in.Name] || !p.injectsNamespace(in.Name) {
			continue
		}
		planned[in.Name] = true
		object := p.facts.Namespace(in.Name)
		if object == nil {
			p.report(diag.Finding{
				Code: diag.NamespaceElsewhere, Severity: diag.Info, Source: in.At,
				Message: fmt.Sprintf("not checked: namespace %q is injected as a whole, and its Namespace is not in this build", in.Name),
				Because: []string{"the label belongs where the Namespace is built"},
			})
			continue
		}
		out := Namespace{Name: in.Name, Revision: p.spec.Istio.Revision, RevisionFrom: p.spec.Istio.RevisionFrom, From: in.At, Facts: object}
		if p.canLabel(&out) {
			key, value := out.Label()
			p.facts = p.facts.WithNamespaceLabel(in.Name, key, value)
			p.out.Namespaces = append(p.out.Namespaces, out)
		}
	}
}

// canLabel refuses Namespaces whose labels say something else, and those that Istio never injects into.
func (p *planner) canLabel(out *Namespace) bool {
	key, value := out.Label()
	refuse := func(why, field, try string) bool {
		p.report(diag.Finding{
			Code: diag.NamespaceInjection, Source: out.From,
			Message: fmt.Sprintf("namespace %q cannot be injected as a whole: %s", out.Name, why),
			Related: []diag.Source{out.Facts.Source(field)}, Try: try,
		})
		return false
	}
	if slices.Contains(facts.SystemNamespaces(), out.Name) {
		return refuse("Istio never injects into it", "metadata.name", "injection: workload")
	}
	for _, label := range []string{facts.InjectionLabel, facts.RevisionLabel} {
		existing, ok := out.Facts.Labels[label]
		if !ok || label == key && existing == value || label == facts.RevisionLabel && out.Revision == "" && existing == facts.DefaultRevision {
			continue
		}
		return refuse(fmt.Sprintf("its Namespace has the label %s: %q, and the rollout makes it %s: %q", label, existing, key, value),
			diag.Join("metadata.labels", label), "remove the label from the Namespace")
	}
	return true
}
