package expand

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/meshfn/meshfn/fn/internal/plan"
	"github.com/meshfn/meshfn/fn/internal/render/istio"
)

// unrendered are the fields of the plan that only later stages of the project read, or that repeat another one.
func unrendered() map[string]string {
	return map[string]string{
		"Plan.Skipped":        "what is skipped has no output; explain shows it",
		"Pod.Kind":            "repeats the workload, for the printed plan",
		"Pod.Name":            "repeats the workload, for the printed plan",
		"Namespace.Name":      "repeats the object, for the printed plan",
		"ScopePart.Kind":      "says whose part it is, for the printed plan and explain",
		"ScopePart.Name":      "says whose part it is, for the printed plan and explain",
		"ScopePart.Namespace": "says whose part it is, for the printed plan and explain",
		"Port.Name":           "Istio knows ports by number; for the printed plan",
		"Entry.Gateway":       "part of the entry's name already",
		"Entry.Identity":      "for authorization, which is not written yet",
	}
}

// TestEveryPlanFieldIsRendered clears each field of each scenario's plan in turn. A field whose absence never shows in the
// output or the findings was forgotten by the renderer, or should not be in the plan.
func TestEveryPlanFieldIsRendered(t *testing.T) {
	fields, shown := map[string]bool{}, map[string]bool{}
	eachScenario(t, func(t *testing.T, out *Output) {
		t.Helper()
		before := renderedText(t, out.Plan)
		clearEach(reflect.ValueOf(out.Plan).Elem(), func(name string) {
			fields[name] = true
			if !shown[name] && renderedText(t, out.Plan) != before {
				shown[name] = true
			}
		})
	})
	for name := range fields {
		why, excused := unrendered()[name]
		switch {
		case !shown[name] && !excused:
			t.Errorf("%s can be cleared without any effect in any scenario", name)
		case shown[name] && excused:
			t.Errorf("%s has an effect, so it needs no excuse (%s)", name, why)
		}
	}
	for name := range unrendered() {
		if !fields[name] {
			t.Errorf("%s is excused and not in any plan", name)
		}
	}
}

// clearEach clears the fields of a plan one after the other, and puts each back.
func clearEach(v reflect.Value, cleared func(name string)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && v.Elem().Type().PkgPath() == reflect.TypeFor[plan.Plan]().PkgPath() {
			clearEach(v.Elem(), cleared)
		}
	case reflect.Slice:
		for i := range v.Len() {
			clearEach(v.Index(i), cleared)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			clearField(v, i, cleared)
		}
	}
}

func clearField(v reflect.Value, i int, cleared func(name string)) {
	field := v.Type().Field(i)
	if !field.IsExported() || field.Tag.Get("json") == "-" || strings.HasPrefix(v.Type().Name(), "Value[") {
		return
	}
	value, name := v.Field(i), v.Type().Name()+"."+field.Name
	if !value.IsZero() {
		kept := reflect.New(value.Type()).Elem()
		kept.Set(value)
		value.SetZero()
		cleared(name)
		value.Set(kept)
	}
	if _, excused := unrendered()[name]; !excused && !strings.HasPrefix(value.Type().Name(), "Value[") {
		clearEach(value, cleared)
	}
}

func renderedText(t *testing.T, planned *plan.Plan) string {
	t.Helper()
	set, findings := istio.Render(planned)
	var b strings.Builder
	for i := range set.Objects {
		text, err := json.Marshal(set.Objects[i].Fields)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(text)
	}
	for _, edit := range set.Edits {
		fmt.Fprintln(&b, edit.Item.Resource(), edit.Path, edit.Value)
	}
	for _, finding := range findings {
		fmt.Fprintln(&b, finding.Code, finding.Message)
	}
	return b.String()
}
