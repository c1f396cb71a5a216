package plan

import (
	"cmp"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

func TestShare(t *testing.T) {
	tests := []struct {
		timeout  time.Duration
		attempts int32
		want     time.Duration
	}{
		{3 * time.Second, 2, time.Second},
		{time.Second, 2, 333 * time.Millisecond},
		{2 * time.Millisecond, 10, time.Millisecond}, // Istio takes nothing below a millisecond.
		{time.Hour, 0, time.Hour},
	}
	for _, test := range tests {
		timeout := Value[v1alpha1.Duration]{V: v1alpha1.Duration(test.timeout)}
		if got := share(timeout, test.attempts); got != test.want {
			t.Errorf("share(%s, %d) = %s, want %s", test.timeout, test.attempts, got, test.want)
		}
	}
}

func TestPerTry(t *testing.T) {
	const safe, wide = "connect-failure,refused-stream", "connect-failure,reset"
	tests := []struct {
		name            string
		timeout, perTry time.Duration
		timeoutBy       spec.Layer
		perTryBy        spec.Layer
		on              string
		want            time.Duration
		findings        []diag.Code
		skipped         bool
	}{
		{name: "no timeout", on: wide},
		{name: "derived", timeout: 3 * time.Second, on: wide, want: time.Second},
		{name: "derived only where a try that timed out is repeated", timeout: 3 * time.Second, on: safe},
		{name: "derived from 5xx too", timeout: 3 * time.Second, on: "5xx", want: time.Second},
		{name: "not from a status code", timeout: 3 * time.Second, on: "504,retriable-status-codes"},
		{name: "given and fitting", timeout: 3 * time.Second, perTry: time.Second, on: wide, want: time.Second},
		{name: "given without timeout", perTry: time.Second, on: wide, want: time.Second},
		{
			name: "given and outlasting", timeout: 2 * time.Second, perTry: time.Second, on: wide,
			want: time.Second, findings: []diag.Code{diag.RetriesOutlast},
		},
		{
			name: "a default may outlast", timeout: 2 * time.Second, perTry: time.Second, perTryBy: spec.MeshDefaults, on: wide,
			want: time.Second,
		},
		{
			name: "not repeated", timeout: 5 * time.Second, perTry: time.Second, on: safe,
			want: time.Second, findings: []diag.Code{diag.PerTryIsTimeout},
		},
		{
			name: "longer than the timeout", timeout: time.Second, perTry: 2 * time.Second, on: wide,
			want: 2 * time.Second, findings: []diag.Code{diag.PerTryTooLong},
		},
		{
			name: "a default longer than the timeout", timeout: 3 * time.Second, perTry: 4 * time.Second, perTryBy: spec.MeshDefaults,
			on: wide, want: time.Second, skipped: true,
		},
		{
			name: "both defaults", timeout: time.Second, timeoutBy: spec.MeshDefaults, perTry: 2 * time.Second, perTryBy: spec.MeshDefaults,
			on: wide, want: 2 * time.Second, findings: []diag.Code{diag.PerTryTooLong},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			port := &spec.Port{Facts: &facts.Port{Protocol: facts.HTTP}, Origins: spec.Origins{}}
			port.Traffic.Retries = &v1alpha1.Retries{}
			if test.perTry > 0 {
				given := v1alpha1.Duration(test.perTry)
				port.Traffic.Retries.PerTryTimeout = &given
				port.Origins["retries.perTryTimeout"] = spec.Origin{Layer: cmp.Or(test.perTryBy, spec.OwnEntry)}
			}
			var timeout Value[v1alpha1.Duration]
			if test.timeout > 0 {
				timeout = Value[v1alpha1.Duration]{v1alpha1.Duration(test.timeout), spec.Origin{Layer: cmp.Or(test.timeoutBy, spec.OwnEntry)}}
			}
			p := &planner{out: &Plan{}, spec: &spec.Spec{}}
			got := p.perTry(&spec.Service{Facts: &facts.Service{}}, port, Retries{
				Attempts: Value[int32]{V: 2}, On: Value[string]{V: test.on},
			}, timeout)
			if whole(got) != test.want {
				t.Errorf("perTryTimeout %s, want %s", whole(got), test.want)
			}
			if diff := gocmp.Diff(test.findings, codes(p.findings)); diff != "" {
				t.Errorf("findings (- want, + got):\n%s", diff)
			}
			if skipped := len(p.out.Skipped) > 0; skipped != test.skipped {
				t.Errorf("skipped: %v, want %v", skipped, test.skipped)
			}
		})
	}
}

func codes(findings diag.List) []diag.Code {
	var out []diag.Code
	for _, finding := range findings {
		out = append(out, finding.Code)
	}
	return out
}

func TestConditions(t *testing.T) {
	tests := []struct {
		asked, want string
		findings    []diag.Code
	}{
		{asked: "5xx", want: "5xx"},
		{asked: " 5xx ,503", want: "5xx,503"},
		{asked: "", findings: []diag.Code{diag.BadValue}},
		{asked: "5xx,,reset", findings: []diag.Code{diag.BadValue}},
		{asked: "5xxx", findings: []diag.Code{diag.BadValue}},
		{asked: "302", findings: []diag.Code{diag.BadValue}},
		{asked: "520", findings: []diag.Code{diag.BadValue}}, // Istio takes only codes that have a name.
	}
	for _, test := range tests {
		port := &spec.Port{Origins: spec.Origins{"retries.retryOn": {Layer: spec.OwnEntry}}}
		port.Traffic.Retries = &v1alpha1.Retries{RetryOn: &test.asked}
		p := &planner{spec: &spec.Spec{}}
		if got := p.conditions(port).V; got != test.want {
			t.Errorf("conditions(%q) = %q, want %q", test.asked, got, test.want)
		}
		if diff := gocmp.Diff(test.findings, codes(p.findings)); diff != "" {
			t.Errorf("conditions(%q), findings (- want, + got):\n%s", test.asked, diff)
		}
	}
}
