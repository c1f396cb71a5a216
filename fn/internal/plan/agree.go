package plan

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// disagreement reports that several Services say different things of the pods of one workload.
type disagreement func(field, here, elsewhere string, from, other spec.Origin)

func (p *planner) disagreement(code diag.Code, workload *facts.Workload) disagreement {
	return func(field, here, elsewhere string, from, other spec.Origin) {
		p.report(diag.Finding{
			Code: code, Source: from.At,
			Message: fmt.Sprintf("%s is %s here and %s elsewhere, and both speak of the pods of %s %q", field, here, elsewhere, workload.Kind, workload.Name),
			Related: []diag.Source{other.At},
			Try:     "write the same value in both places, or only in one",
		})
	}
}

// below reports about the fields of a setting.
func (d disagreement) below(setting string) disagreement {
	return func(field, here, elsewhere string, from, other spec.Origin) {
		d(setting+"."+field, here, elsewhere, from, other)
	}
}

// one decides between two values for the same thing. What was written for one of the Services counts more than a default
// of another.
func one[T any](field string, a, b Value[T], refuse disagreement) Value[T] {
	switch {
	case b.IsZero():
		return a
	case a.IsZero(), b.From.Explicit() && !a.From.Explicit():
		return b
	case a.From.Explicit() && !b.From.Explicit():
		return a
	}
	if !reflect.DeepEqual(a.V, b.V) {
		refuse(field, text(b), text(a), b.From, a.From)
	}
	return a
}

// text is a value as users write it.
func text[T any](v Value[T]) string {
	switch value := any(v.V).(type) {
	case v1alpha1.Duration:
		return time.Duration(value).String()
	case []int32:
		return strings.Join(strings.Fields(strings.Trim(fmt.Sprint(value), "[]")), ", ")
	case []string:
		return strings.Join(value, ", ")
	case v1alpha1.Percentage:
		return strconv.FormatFloat(float64(value), 'f', -1, 64)
	}
	return fmt.Sprint(v.V)
}

func stronger(a, b spec.Origin) spec.Origin {
	if b.Layer > a.Layer {
		return b
	}
	return a
}
