package plan

import (
	"encoding/json"

	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Value is one decided value and who decided it. The zero Value is unset.
type Value[T any] struct {
	V    T
	From spec.Origin
}

// IsZero reports whether nothing was decided, so that a printed plan leaves it out.
func (v Value[T]) IsZero() bool { return v.From.Layer == spec.Unset }

// MarshalJSON prints the value alone; `meshfn explain` shows the origin.
func (v Value[T]) MarshalJSON() ([]byte, error) { return json.Marshal(v.V) }

// given makes a Value of an optional setting.
func given[T any](setting *T, from spec.Origin) Value[T] {
	if setting == nil {
		return Value[T]{}
	}
	return Value[T]{*setting, from}
}

// or fills in a built-in value where nothing was decided.
func (v Value[T]) or(builtIn T, why spec.Origin) Value[T] {
	if v.IsZero() {
		return Value[T]{builtIn, why}
	}
	return v
}
