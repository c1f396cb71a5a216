package v1alpha1

import "strings"

// Limit bounds what applications may write for one setting, on top of what is allowed anyway. Values are compared in the
// type of the setting: `1` and `1000m` are the same amount, `90s` is longer than `1m`. Words that a comma separates, and
// the entries of a list, count each on their own.
type Limit struct {
	// Min is the least value.
	//
	// Error: for a setting whose values have no order, such as a word or a boolean; above `max`.
	Min *Scalar `json:"min,omitempty" meshfn:"example=1s"`
	// Max is the greatest value. Where `0`, `0s` or `false` means that there is no limit at all, as in `timeout: 0s` or
	// `circuitBreaker: false`, to write that breaks `max` too.
	//
	// Error: for a setting whose values have no order, such as a word or a boolean; below `min`.
	Max *Scalar `json:"max,omitempty" meshfn:"example=30s"`
	// Allowed are the only values.
	//
	// Example: [LEAST_REQUEST, ROUND_ROBIN]
	Allowed []Scalar `json:"allowed,omitempty" meshfn:"min=1,max=64"`
	// Denied are values that are refused.
	//
	// Example: [5xx]
	Denied []Scalar `json:"denied,omitempty" meshfn:"min=1,max=64"`
	// Required says that some layer must set the setting wherever it can apply: the profile, the Mesh or an entry. For a
	// block such as `circuitBreaker` that is any value in it, and not `false`. A rule of a namespace may say
	// `required: false` alone to lift the general rule there.
	//
	// Default: false.
	Required *bool `json:"required,omitempty"`
	// Reason is shown with every error of this rule.
	Reason *string `json:"reason,omitempty" meshfn:"example=the gateway gives up after 30s"`
}

// Scalar is a single value of any type: text, a number, `true` or `false`. What it means depends on the setting.
type Scalar string

// UnmarshalText accepts everything but nothing. Whether the value fits the setting is not known here.
func (s *Scalar) UnmarshalText(text []byte) error {
	if strings.TrimSpace(string(text)) == "" {
		return &ValueError{Problem: "it is empty", Allowed: "a value of the setting"}
	}
	*s = Scalar(text)
	return nil
}
