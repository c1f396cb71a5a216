package cluster

import (
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/facts"
)

// exportAnnotation says on a Service what exportTo says in an object of Istio's.
// https://istio.io/latest/docs/reference/config/annotations/#NetworkingExportTo
const exportAnnotation = "networking.istio.io/exportTo"

// Visibility is which namespaces see an object: all of them, or a list.
type Visibility struct {
	Everywhere bool
	Namespaces []string
}

// Visible reads exportTo of an object in a namespace. An empty list means every namespace.
func Visible(exportTo []string, namespace string) Visibility {
	if len(exportTo) == 0 || slices.Contains(exportTo, "*") {
		return Visibility{Everywhere: true}
	}
	var out Visibility
	for _, to := range exportTo {
		switch to {
		case "~":
		case ".":
			out.Namespaces = append(out.Namespaces, namespace)
		default:
			out.Namespaces = append(out.Namespaces, to)
		}
	}
	return out
}

// ExportTo lists what a Service's annotation says, nothing where it has none.
func ExportTo(service *facts.Service) []string {
	var list []string
	for entry := range strings.SplitSeq(service.Annotations[exportAnnotation], ",") {
		if entry = strings.TrimSpace(entry); entry != "" {
			list = append(list, entry)
		}
	}
	return list
}

// ExportField is the place of a Service's list.
func ExportField() string { return `metadata.annotations["` + exportAnnotation + `"]` }

// In reports whether a namespace sees the object.
func (v Visibility) In(namespace string) bool {
	return v.Everywhere || slices.Contains(v.Namespaces, namespace)
}

// Meets reports whether some namespace sees both objects.
func (v Visibility) Meets(other Visibility) bool {
	if v.Everywhere || other.Everywhere {
		return (v.Everywhere || len(v.Namespaces) > 0) && (other.Everywhere || len(other.Namespaces) > 0)
	}
	return slices.ContainsFunc(v.Namespaces, other.In)
}

// String lists the namespaces for a message.
func (v Visibility) String() string {
	switch {
	case v.Everywhere:
		return "every namespace"
	case len(v.Namespaces) == 0:
		return "no namespace"
	}
	return strings.Join(slices.Sorted(slices.Values(v.Namespaces)), ", ")
}
