package spec

import (
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// External is a host outside the mesh that a Mesh names.
type External struct {
	Name      string
	Namespace string
	Owner     Owner
	Stage     Stage
	Entry     *v1alpha1.External
	Traffic   v1alpha1.TrafficSettings // those of its own, with the built-in ones below
	Origins   Origins
	At        Located    // fields of the entry
	Called    string     // the host where it is part of a name
	Item      *item.Item // the document
	Field     string     // path of the entry in it
}

// ObjectName is what the objects for the host are called.
func (e *External) ObjectName() string {
	return Shortened(strings.ReplaceAll(strings.ReplaceAll(e.Called, "*", "wildcard"), ".", "-"))
}

// Resource is the object that brings the host into the mesh, by which people ask about it.
func (e *External) Resource() diag.Resource {
	return diag.Resource{Kind: ServiceEntry, Namespace: e.Namespace, Name: e.ObjectName()}
}

// ServiceEntry is the kind of what brings a host into the mesh.
const ServiceEntry = "ServiceEntry"

// EgressDomain is what names end in by which an egress gateway tells namespaces apart. Nobody else has names below internal:
// https://www.rfc-editor.org/rfc/rfc6762#appendix-G
const EgressDomain = ".egress.internal"

// Originates reports whether the sidecar speaks TLS for the application.
func (e *External) Originates() bool {
	return e.Entry.TLS != nil && e.Entry.TLS.Mode != nil && *e.Entry.TLS.Mode == "originate"
}

// Egress is the gateway through which calls leave the mesh.
type Egress struct {
	Selector           map[string]string
	Service, Namespace string
	HTTPPort, TLSPort  int32
	HTTPFrom, TLSFrom  Origin
	At                 Located // fields of the gateway in the profile
}

// plainPort is where an application calls that leaves TLS to its sidecar, which is what http:// means.
const plainPort = 80

// Port is the port on which the application calls.
func (e *External) Port() int32 {
	switch {
	case !e.Originates():
		return e.Entry.URL.Port
	case e.Entry.TLS.Port != nil:
		return *e.Entry.TLS.Port
	}
	return plainPort
}
