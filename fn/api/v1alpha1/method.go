package v1alpha1

import (
	"fmt"
	"regexp"
	"strings"
)

// Method is an HTTP method, in capitals.
type Method string

var methodToken = regexp.MustCompile(`^[A-Z][A-Z-]*$`)

// UnmarshalText accepts the name of a method.
func (m *Method) UnmarshalText(text []byte) error {
	if !methodToken.Match(text) {
		problem := &ValueError{Problem: fmt.Sprintf("%q is not an HTTP method", text), Allowed: "a method in capitals, such as GET or POST"}
		if upper := strings.ToUpper(string(text)); methodToken.MatchString(upper) {
			problem.Proposed = upper
		}
		return problem
	}
	*m = Method(text)
	return nil
}
