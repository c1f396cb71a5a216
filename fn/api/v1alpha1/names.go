package v1alpha1

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
)

// namePattern is the name of a Service, a workload, an account or a namespace.
const namePattern = `[a-z0-9](?:[-a-z0-9]*[a-z0-9])?`

// DNSName is the name of a domain, in lower case and without a dot at its end.
type DNSName string

// UnmarshalText accepts a domain name such as cluster.local.
func (n *DNSName) UnmarshalText(text []byte) error {
	if len(validation.IsDNS1123Subdomain(string(text))) > 0 {
		return &ValueError{
			Problem: fmt.Sprintf("%q is not a domain name", text), Allowed: "a domain name in lower case, such as cluster.local",
			Proposed: properDomain(string(text)),
		}
	}
	*n = DNSName(text)
	return nil
}

// properDomain is the domain name that was probably meant, "" when that cannot be told.
func properDomain(text string) string {
	proposed := strings.ToLower(strings.Trim(strings.TrimSpace(text), "."))
	if len(validation.IsDNS1123Subdomain(proposed)) > 0 {
		return ""
	}
	return proposed
}

// Domain is a domain below which hosts may be claimed. `*.` in front of it changes nothing.
type Domain string

// UnmarshalText accepts a domain name such as example.com or *.example.com.
func (d *Domain) UnmarshalText(text []byte) error {
	if len(validation.IsDNS1123Subdomain(strings.TrimPrefix(string(text), "*."))) > 0 {
		return &ValueError{
			Problem: fmt.Sprintf("%q is not a domain name", text),
			Allowed: "a domain name in lower case and without scheme, port and path, such as example.com", Proposed: properDomain(string(text)),
		}
	}
	*d = Domain(text)
	return nil
}

// NamespaceName is the name of a Namespace.
type NamespaceName string

// UnmarshalText accepts the name of a Namespace.
func (n *NamespaceName) UnmarshalText(text []byte) error {
	if len(validation.IsDNS1123Label(string(text))) > 0 {
		return &ValueError{
			Problem: fmt.Sprintf("%q cannot be the name of a namespace", text),
			Allowed: "lower-case letters, digits and dashes, at most 63, such as istio-system",
		}
	}
	*n = NamespaceName(text)
	return nil
}

// LabelValue is the value of a label.
type LabelValue string

// UnmarshalText accepts what Kubernetes takes for the value of a label.
func (v *LabelValue) UnmarshalText(text []byte) error {
	if len(text) == 0 || len(validation.IsValidLabelValue(string(text))) > 0 {
		return &ValueError{
			Problem: fmt.Sprintf("%q cannot be the value of a label", text),
			Allowed: "letters, digits, dashes, dots and underscores, at most 63, beginning and ending with a letter or digit",
		}
	}
	*v = LabelValue(text)
	return nil
}
