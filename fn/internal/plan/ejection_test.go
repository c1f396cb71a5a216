package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// TestMaxPercentComputed holds what the number is for, by Envoy's own arithmetic: one pod can be ejected, and the last one
// never.
func TestMaxPercentComputed(t *testing.T) {
	want := map[int]int32{2: 50, 3: 34, 4: 30, 5: 30, 10: 30, 1000: 30}
	for pods := 2; pods <= 1000; pods++ {
		p := &planner{spec: &spec.Spec{}}
		got := p.maxPercent(Value[int32]{}, facts.Replicas{Known: true, Min: pods}, "").V
		if expected, ok := want[pods]; ok && got != expected {
			t.Errorf("%d pods: %d%%, want %d%%", pods, got, expected)
		}
		if !ejects(got, 1, pods) {
			t.Errorf("%d pods: %d%% ejects nothing", pods, got)
		}
		if ejects(got, pods, pods) {
			t.Errorf("%d pods: %d%% ejects every pod", pods, got)
		}
		if len(p.findings) > 0 {
			t.Errorf("%d pods: %v", pods, p.findings)
		}
	}
}

// ejects is the condition under which Envoy ejects the nth pod.
func ejects(percent int32, nth, pods int) bool {
	return 100*float64(nth)/float64(pods) <= float64(percent)
}

func TestMaxPercentAsked(t *testing.T) {
	tests := []struct {
		name    string
		percent int32
		layer   spec.Layer
		pods    int
		want    diag.List
	}{
		{name: "just one pod", percent: 34, layer: spec.OwnEntry, pods: 3},
		{name: "all but one", percent: 99, layer: spec.OwnEntry, pods: 2},
		{
			name: "below one pod", percent: 33, layer: spec.OwnEntry, pods: 3,
			want: diag.List{{Code: diag.OutlierPercent, Severity: diag.Error, Proposed: "34"}},
		},
		{
			name: "a default below one pod", percent: 10, layer: spec.MeshDefaults, pods: 9,
			want: diag.List{{Code: diag.OutlierPercent, Severity: diag.Info, Proposed: "12"}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := &planner{spec: &spec.Spec{}}
			asked := Value[int32]{test.percent, spec.Origin{Layer: test.layer}}
			if got := p.maxPercent(asked, facts.Replicas{Known: true, Min: test.pods}, "it"); got.V != test.percent {
				t.Errorf("%d%%, want what was asked for", got.V)
			}
			var got diag.List
			for _, finding := range p.findings {
				got = append(got, diag.Finding{Code: finding.Code, Severity: finding.Severity, Proposed: finding.Proposed})
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("findings (- want, + got):\n%s", diff)
			}
		})
	}
}

func TestSum(t *testing.T) {
	known := func(n int, from string) *facts.Workload {
		return &facts.Workload{Replicas: facts.Replicas{Known: true, Min: n, From: from}}
	}
	tests := []struct {
		name      string
		workloads []*facts.Workload
		want      facts.Replicas
	}{
		{"nobody", nil, facts.Replicas{From: "the build has no workload for it"}},
		{"one", []*facts.Workload{known(3, "a")}, facts.Replicas{Known: true, Min: 3, From: "a"}},
		{"two", []*facts.Workload{known(3, "a"), known(1, "b")}, facts.Replicas{Known: true, Min: 4, From: "a and b"}},
		{
			"one of them unknown",
			[]*facts.Workload{known(3, "a"), {Replicas: facts.Replicas{From: "DaemonSet b"}}},
			facts.Replicas{From: "DaemonSet b"},
		},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, sum(test.workloads)); diff != "" {
			t.Errorf("%s (- want, + got):\n%s", test.name, diff)
		}
	}
}

// TestEjectionTurnsOffWhatIstioAdds holds the zero that keeps Istio's own consecutive5xxErrors of 5 away.
func TestEjectionTurnsOffWhatIstioAdds(t *testing.T) {
	p := &planner{spec: &spec.Spec{}}
	port := &spec.Port{
		Facts:   &facts.Port{Protocol: facts.HTTP},
		Traffic: v1alpha1.TrafficSettings{OutlierDetectionSetting: v1alpha1.OutlierDetectionSetting{OutlierDetection: &v1alpha1.OutlierDetection{}}},
	}
	two := []*facts.Workload{{Replicas: facts.Replicas{Known: true, Min: 2}}}
	got := p.ejection(&spec.Service{Facts: &facts.Service{Workloads: two}}, port)
	if got == nil || got.ServerErrors.IsZero() || got.ServerErrors.V != 0 {
		t.Errorf("consecutive5xxErrors is not written as 0: %+v", got)
	}
}
