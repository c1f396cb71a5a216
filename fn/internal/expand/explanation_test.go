package expand

import (
	"slices"
	"testing"

	"github.com/meshfn/meshfn/fn/internal/explain"
	"github.com/meshfn/meshfn/fn/internal/render/istio"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// explanations runs every scenario and explains it.
func explanations(t *testing.T, each func(t *testing.T, out *Output, explained *explain.Explanation)) {
	t.Helper()
	eachScenario(t, func(t *testing.T, out *Output) {
		t.Helper()
		each(t, out, explain.New(out.Spec, out.Plan, explain.Renderer{Render: Render, Rule: Rule}, nil))
	})
}

// TestEveryFieldHasACause holds that each field of each object of each scenario, and each edit of a pod template, comes
// from a line of a document, or from a rule that says why.
func TestEveryFieldHasACause(t *testing.T) {
	used := map[string]bool{}
	explanations(t, func(t *testing.T, _ *Output, explained *explain.Explanation) {
		for _, field := range explained.Fields {
			var reasons []explain.Cause
			for _, at := range field.Because {
				reasons = append(reasons, explained.Causes[at])
			}
			if rule := reasons[0].Rule; rule != "" {
				used[rule] = true
			}
			if !slices.ContainsFunc(reasons, reason) {
				t.Errorf("%s %s = %s has no cause: %+v", field.Object, field.Field, field.Value, reasons)
			}
		}
	})
	for _, rule := range istio.Rules() {
		if !used[rule] {
			t.Errorf("no scenario needs the rule %q", rule)
		}
	}
}

// reason reports whether a cause is a line, or a stated rule that has one behind it.
func reason(c explain.Cause) bool {
	behind := slices.ContainsFunc(c.Computed, func(o spec.Origin) bool { return o.At.Line > 0 })
	return c.From.At.Line > 0 || (c.Rule != "" || c.From.Note != "") && behind || c.From.Layer == spec.BuiltIn && c.From.Note != ""
}

// TestEverySettingBecomesSomething holds that each line says what it became, or why it became nothing.
func TestEverySettingBecomesSomething(t *testing.T) {
	explanations(t, func(t *testing.T, _ *Output, explained *explain.Explanation) {
		for i := range explained.Lines {
			line := &explained.Lines[i]
			if len(line.Became) == 0 && line.Skipped == "" && line.Nothing == "" {
				t.Errorf("%s port %q: %s = %s (%s) became nothing", line.Subject, line.Port, line.Field, line.Value, line.From)
			}
		}
	})
}
