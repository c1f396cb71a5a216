package v1alpha1

import (
	"fmt"

	"k8s.io/apimachinery/pkg/api/resource"
)

// Quantity is an amount of CPU or memory as Kubernetes writes it: `100m`, `2`, `128Mi`, `1Gi`.
type Quantity string

// UnmarshalText accepts what Kubernetes accepts, except zero and negative amounts.
func (q *Quantity) UnmarshalText(text []byte) error {
	value, err := resource.ParseQuantity(string(text))
	if err != nil || value.Sign() <= 0 {
		return &ValueError{
			Problem: fmt.Sprintf("%q is not an amount of CPU or memory", text),
			Allowed: "a Kubernetes quantity above zero such as 100m, 2, 128Mi or 1Gi",
		}
	}
	*q = Quantity(text)
	return nil
}
