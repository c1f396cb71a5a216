package resolve

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// perNamespace lists the fields of the profile that mean something else in each namespace.
func (r *resolver) perNamespace() []diag.Source {
	var fields []diag.Source
	if profile := r.documents.Profile; profile != nil && len(profile.Value.Spec.Namespaces) > 0 {
		fields = append(fields, profile.At("spec.namespaces"))
	}
	return fields
}

// refuseUnknownNamespaces refuses a Mesh whose namespace nobody has said yet, where the profile has rules by namespace: a
// level above may still set one, as in a component, and its rules would be lost.
func (r *resolver) refuseUnknownNamespaces() {
	fields := r.perNamespace()
	if len(fields) == 0 || !r.someWithoutNamespace() {
		return
	}
	for _, m := range r.meshes {
		if m.namespace != "" {
			continue
		}
		r.report(diag.Finding{
			Code: diag.AmbiguousNamespace, Source: m.At("metadata"),
			Message: fmt.Sprintf("the Services and workloads of Mesh %q have no namespace here, and the profile has rules by namespace",
				m.owner()),
			Related: fields, Try: spec.SetNamespace,
		})
	}
}

// someWithoutNamespace reports whether a Service or workload of the build has no namespace.
func (r *resolver) someWithoutNamespace() bool { return slices.Contains(r.facts.NamespacesInUse(), "") }

// beside explains that something is not in a namespace where the build has objects without any.
func (r *resolver) beside(finding diag.Finding, m *mesh) diag.Finding {
	if m.namespace != "" && finding.Proposed == "" && r.someWithoutNamespace() {
		finding.Because = append(finding.Because, "the build has Services or workloads without a namespace, and the Mesh names one")
		finding.Try = spec.SetNamespace
	}
	return finding
}
