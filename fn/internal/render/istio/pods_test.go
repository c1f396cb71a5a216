package istio

import (
	"testing"
	"time"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/manifest"
	"github.com/meshfn/meshfn/fn/internal/plan"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

func TestProxyConfig(t *testing.T) {
	at := func(field string) spec.Origin {
		return spec.Origin{Layer: spec.OwnEntry, At: diag.Source{Field: field}}
	}
	concurrency := plan.Value[int32]{V: 0, From: at("concurrency")}
	hold := plan.Value[bool]{V: false, From: at("hold")}
	drain := plan.Value[v1alpha1.Duration]{V: v1alpha1.Duration(90 * time.Second), From: at("drain")}
	tests := map[string]struct {
		proxy      plan.Proxy
		text, from string
	}{
		"nothing":      {plan.Proxy{}, "", ""},
		"other fields": {plan.Proxy{LogLevel: plan.Value[string]{V: "debug", From: at("logLevel")}}, "", ""},
		"zero":         {plan.Proxy{Concurrency: concurrency}, "concurrency: 0", "concurrency"},
		"false":        {plan.Proxy{HoldStart: hold}, "holdApplicationUntilProxyStarts: false", "hold"},
		"all": {
			plan.Proxy{Concurrency: concurrency, HoldStart: hold, Drain: drain},
			"concurrency: 0\nholdApplicationUntilProxyStarts: false\nterminationDrainDuration: 90s", "drain",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			text, from := proxyConfig(&test.proxy)
			if text != test.text || from.At.Field != test.from {
				t.Errorf("got %q from %q, want %q from %q", text, from.At.Field, test.text, test.from)
			}
		})
	}
}

// TestEditRemembersItsOrigin holds that an edit knows which setting asked for it.
func TestEditRemembersItsOrigin(t *testing.T) {
	r := &renderer{out: &manifest.Set{}}
	at := diag.Source{Field: "spec.services.web.sidecar"}
	podEdits{renderer: r, pod: &plan.Pod{Workload: &facts.Workload{}}}.edit(nil, "true", spec.Origin{At: at})
	if len(r.out.Edits) != 1 || r.out.Edits[0].From != at {
		t.Errorf("the edits are %+v", r.out.Edits)
	}
}

func TestSeconds(t *testing.T) {
	for duration, want := range map[time.Duration]string{
		time.Millisecond:               "0.001s",
		1500 * time.Millisecond:        "1.5s",
		20 * time.Second:               "20s",
		time.Hour + 1*time.Millisecond: "3600.001s",
	} {
		if got := seconds(duration); got != want {
			t.Errorf("seconds(%v) = %q, want %q", duration, got, want)
		}
	}
}
