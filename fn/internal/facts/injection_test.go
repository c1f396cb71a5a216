package facts

import "testing"

// TestInjection is the truth table of Istio's injection webhooks, for what a build can know of it.
func TestInjection(t *testing.T) {
	type labels = map[string]string
	var (
		out  = func(by Decider) Injection { return Injection{Sidecar: No, By: by} }
		in   = func(revision string, by Decider) Injection { return Injection{Yes, revision, by} }
		ask  = labels{InjectLabel: "true"}
		deny = labels{InjectLabel: "false"}
	)
	tests := map[string]struct {
		namespace labels // nil where the build does not own it
		pod       labels
		note      labels // annotations of the pod
		host      bool
		in        string
		want      Injection
	}{
		"nothing is known of the namespace":       {want: Injection{Unknown, "", ByOthers}},
		"but a label of the pod is":               {pod: ask, want: in("default", ByPod)},
		"and an annotation is not enough":         {note: ask, want: Injection{Unknown, "", ByOthers}},
		"a label keeps the pod out":               {pod: deny, want: out(ByPod)},
		"so does an annotation":                   {note: deny, want: out(ByPod)},
		"a label wins over an annotation":         {namespace: labels{}, pod: ask, note: deny, want: in("default", ByPod)},
		"the network of the node":                 {pod: ask, host: true, want: out(ByNode)},
		"a system namespace":                      {pod: ask, in: "kube-system", want: out(BySystem)},
		"no label anywhere":                       {namespace: labels{}, want: out(ByNobody)},
		"a label of the pod":                      {namespace: labels{}, pod: ask, want: in("default", ByPod)},
		"a revision of the pod":                   {namespace: labels{}, pod: labels{RevisionLabel: "stable"}, want: in("stable", ByPod)},
		"a revision of a pod that stays out":      {namespace: labels{}, pod: labels{RevisionLabel: "stable", InjectLabel: "false"}, want: out(ByPod)},
		"a revision beats the default":            {namespace: labels{}, pod: labels{RevisionLabel: "stable", InjectLabel: "true"}, want: in("stable", ByPod)},
		"an empty revision beside a wish":         {namespace: labels{}, pod: labels{RevisionLabel: "", InjectLabel: "true"}, want: out(ByNobody)},
		"an annotation alone":                     {namespace: labels{}, note: ask, want: out(ByNobody)},
		"an injected namespace":                   {namespace: labels{InjectionLabel: "enabled"}, want: in("default", ByNamespace)},
		"and a pod that stays out":                {namespace: labels{InjectionLabel: "enabled"}, pod: deny, want: out(ByPod)},
		"and a pod of another revision":           {namespace: labels{InjectionLabel: "enabled"}, pod: labels{RevisionLabel: "stable"}, want: in("default", ByNamespace)},
		"a namespace of a revision":               {namespace: labels{RevisionLabel: "stable"}, want: in("stable", ByNamespace)},
		"and a pod of another":                    {namespace: labels{RevisionLabel: "stable"}, pod: labels{RevisionLabel: "canary"}, want: in("stable", ByNamespace)},
		"a namespace of no revision":              {namespace: labels{RevisionLabel: ""}, pod: ask, want: out(ByNamespace)},
		"a namespace that forbids it":             {namespace: labels{InjectionLabel: "disabled"}, pod: ask, want: out(ByNamespace)},
		"which wins over a revision":              {namespace: labels{InjectionLabel: "disabled", RevisionLabel: "stable"}, want: out(ByNamespace)},
		"a word that is neither true nor false":   {namespace: labels{}, pod: labels{InjectLabel: "yes"}, want: out(ByNobody)},
		"which leaves it to the namespace":        {namespace: labels{InjectionLabel: "enabled"}, pod: labels{InjectLabel: "yes"}, want: in("default", ByNamespace)},
		"and hides an annotation":                 {namespace: labels{InjectionLabel: "enabled"}, pod: labels{InjectLabel: "yes"}, note: deny, want: in("default", ByNamespace)},
		"a namespace labelled with another value": {namespace: labels{InjectionLabel: "true"}, pod: ask, want: out(ByNamespace)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			workload := &Workload{HostNetwork: test.host}
			workload.Namespace = test.in
			f := &Facts{}
			if test.namespace != nil {
				f.Namespaces = []*Namespace{{Labels: test.namespace}}
			}
			if got := f.Injection(workload, test.pod, test.note); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}
