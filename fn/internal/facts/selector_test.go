package facts

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSelector(t *testing.T) {
	type labels = map[string]string
	tests := []struct {
		name     string
		workload Workload
		want     labels
		ok       bool
	}{
		{"its own", Workload{MatchLabels: labels{"app": "web"}, Labels: labels{"app": "web", "version": "v1"}}, labels{"app": "web"}, true},
		{"of the template", Workload{Labels: labels{"app": "web", "version": "v1"}}, labels{"app": "web", "version": "v1"}, true},
		{
			"without those about injection",
			Workload{Labels: labels{"app": "web", InjectLabel: "true", RevisionLabel: "stable", DataplaneLabel: "none"}},
			labels{"app": "web"},
			true,
		},
		{"none of its own", Workload{Labels: labels{InjectLabel: "true"}}, labels{}, false},
		{"none", Workload{}, nil, false},
	}
	for _, test := range tests {
		got, ok := test.workload.Selector()
		if diff := cmp.Diff(test.want, got); diff != "" || ok != test.ok {
			t.Errorf("%s: ok is %t, (-want +got):\n%s", test.name, ok, diff)
		}
	}
	kept := Workload{Labels: labels{"app": "web", InjectLabel: "true"}}
	if kept.Selector(); len(kept.Labels) != 2 {
		t.Errorf("the labels of the template are now %v", kept.Labels)
	}
}
