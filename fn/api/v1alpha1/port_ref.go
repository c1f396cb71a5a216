package v1alpha1

import (
	"fmt"
	"strconv"

	"k8s.io/apimachinery/pkg/util/validation"
)

// PortRef names a port of a Service: by its name, or by its number.
type PortRef string

// UnmarshalText accepts a port name or a number from 1 to 65535.
func (p *PortRef) UnmarshalText(text []byte) error {
	number, err := strconv.Atoi(string(text))
	switch {
	case err == nil && len(validation.IsValidPortNum(number)) == 0:
	case err != nil && len(validation.IsDNS1123Label(string(text))) == 0:
	default:
		return &ValueError{
			Problem: fmt.Sprintf("%q is not a port", text),
			Allowed: "the name of a port of the Service, or its number (1 to 65535)",
		}
	}
	*p = PortRef(text)
	return nil
}
