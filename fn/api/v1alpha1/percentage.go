package v1alpha1

import (
	"fmt"
	"regexp"
	"strconv"
)

// Percentage is a share from 0 to 100: `1`, `0.5`. Envoy counts in hundredths, so nothing finer is accepted.
type Percentage float64

var percentagePattern = regexp.MustCompile(`^(100(\.0{1,2})?|[0-9]{1,2}(\.[0-9]{1,2})?)$`)

// UnmarshalText accepts a number with up to two decimals.
func (p *Percentage) UnmarshalText(text []byte) error {
	value, err := strconv.ParseFloat(string(text), 64)
	if err != nil || !percentagePattern.Match(text) {
		return &ValueError{
			Problem: fmt.Sprintf("%q is not a percentage", text), Allowed: "0 to 100 with up to two decimals, such as 5 or 0.25",
		}
	}
	*p = Percentage(value)
	return nil
}
