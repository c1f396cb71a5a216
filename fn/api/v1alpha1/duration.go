package v1alpha1

import (
	"errors"
	"fmt"
	"regexp"
	"time"
)

// Duration is a time span with a unit: `250ms`, `5s`, `1m30s`, `1h`. Envoy and Istio work in whole milliseconds, so
// nothing finer is accepted. `0s` clears what a lower layer set.
type Duration time.Duration

// onlyNumber finds the most frequent mistake, a number without a unit.
var onlyNumber = regexp.MustCompile(`^\d+(\.\d+)?$`)

// UnmarshalText reads a duration strictly.
func (d *Duration) UnmarshalText(text []byte) error {
	value, err := time.ParseDuration(string(text))
	switch {
	case onlyNumber.Match(text) && string(text) != "0":
		return &ValueError{
			Problem: fmt.Sprintf("%q has no unit", text), Allowed: "a duration such as 250ms, 5s or 1m",
			Proposed: string(text) + "s",
		}
	case string(text) == "0":
		return &ValueError{Problem: `"0" has no unit`, Allowed: "a duration such as 0s, 250ms or 5s", Proposed: "0s"}
	case err != nil:
		return &ValueError{Problem: fmt.Sprintf("%q is not a duration", text), Allowed: "a duration such as 250ms, 5s or 1m"}
	case value < 0:
		return &ValueError{Problem: fmt.Sprintf("%q is negative", text), Allowed: "a duration of 1ms or more, or 0s to clear"}
	case value%time.Millisecond != 0:
		return &ValueError{
			Problem: fmt.Sprintf("%q is finer than a millisecond", text), Allowed: "whole milliseconds",
			Proposed: max(value.Round(time.Millisecond), time.Millisecond).String(),
		}
	}
	*d = Duration(value)
	return nil
}

// MarshalText writes the duration the way users write it.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// ValueError is a value that has the right type and the wrong content.
type ValueError struct {
	Problem  string // what is wrong with it
	Allowed  string // what may be written
	Proposed string // what was probably meant, or empty
}

func (e *ValueError) Error() string { return e.Problem + "; allowed: " + e.Allowed }

// AsValueError returns the details of an error of this package's scalar types.
func AsValueError(err error) *ValueError {
	if value, ok := errors.AsType[*ValueError](err); ok {
		return value
	}
	return &ValueError{Problem: err.Error()}
}
