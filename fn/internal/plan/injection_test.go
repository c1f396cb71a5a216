package plan

import (
	"testing"

	"github.com/meshfn/meshfn/fn/internal/facts"
)

// TestStaysOut is the truth table of Istio's injection webhooks, for what a build can know of it.
func TestStaysOut(t *testing.T) {
	type labels = map[string]string
	tests := map[string]struct {
		namespace labels // nil where the build does not own it
		pod       labels
		note      labels // annotations of the pod
		host      bool
		in        string
		want      bool
	}{
		"nothing is known of the namespace":     {want: false},
		"a label keeps the pod out":             {pod: labels{InjectLabel: "false"}, want: true},
		"so does an annotation":                 {note: labels{InjectLabel: "false"}, want: true},
		"a label wins over an annotation":       {namespace: labels{}, pod: labels{InjectLabel: "true"}, note: labels{InjectLabel: "false"}, want: false},
		"the network of the node":               {pod: labels{InjectLabel: "true"}, host: true, want: true},
		"a system namespace":                    {pod: labels{InjectLabel: "true"}, in: "kube-system", want: true},
		"no label anywhere":                     {namespace: labels{}, want: true},
		"a label of the pod":                    {namespace: labels{}, pod: labels{InjectLabel: "true"}, want: false},
		"a revision of the pod":                 {namespace: labels{}, pod: labels{RevisionLabel: "stable"}, want: false},
		"an annotation alone":                   {namespace: labels{}, note: labels{InjectLabel: "true"}, want: true},
		"an injected namespace":                 {namespace: labels{namespaceLabel: "enabled"}, want: false},
		"and a pod that stays out":              {namespace: labels{namespaceLabel: "enabled"}, pod: labels{InjectLabel: "false"}, want: true},
		"a namespace of a revision":             {namespace: labels{RevisionLabel: "stable"}, want: false},
		"a namespace that forbids it":           {namespace: labels{namespaceLabel: "disabled"}, pod: labels{InjectLabel: "true"}, want: true},
		"which wins over a revision":            {namespace: labels{namespaceLabel: "disabled", RevisionLabel: "stable"}, want: true},
		"a word that is neither true nor false": {namespace: labels{}, pod: labels{InjectLabel: "yes"}, want: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			workload := &facts.Workload{Labels: test.pod, Annotations: test.note, HostNetwork: test.host}
			workload.Namespace = test.in
			p := &planner{facts: &facts.Facts{}}
			if test.namespace != nil {
				p.facts.Namespaces = []*facts.Namespace{{Labels: test.namespace}}
			}
			if got := p.staysOut(workload); got != test.want {
				t.Errorf("staysOut is %t, want %t", got, test.want)
			}
		})
	}
}
