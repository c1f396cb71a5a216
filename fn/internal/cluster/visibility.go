package cluster

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/facts"
)

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

// VisibleService is which namespaces see a Service: those of its annotation, else those that the mesh has as its default.
func (v *View) VisibleService(service *facts.Service) Visibility {
	to := facts.ExportTo(service)
	if len(to) == 0 {
		to = v.Istio.Mesh.DefaultServiceExportTo
	}
	return Visible(to, service.Namespace)
}

// exported gives an object the visibility that the mesh has as its default, where it says none itself. The object may be
// somebody else's, so it is a copy that is changed.
func (v *View) exported(typed proto.Message) proto.Message {
	mesh := &v.Istio.Mesh
	if len(mesh.DefaultVirtualServiceExportTo)+len(mesh.DefaultDestinationRuleExportTo)+len(mesh.DefaultServiceExportTo) == 0 {
		return typed
	}
	var to *[]string
	var otherwise []string
	copied := proto.Clone(typed)
	switch spec := copied.(type) {
	case *networking.VirtualService:
		to, otherwise = &spec.ExportTo, mesh.DefaultVirtualServiceExportTo
	case *networking.DestinationRule:
		to, otherwise = &spec.ExportTo, mesh.DefaultDestinationRuleExportTo
	case *networking.ServiceEntry:
		to, otherwise = &spec.ExportTo, mesh.DefaultServiceExportTo
	}
	if to == nil || len(*to) > 0 {
		return typed
	}
	*to = otherwise
	return copied
}

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
