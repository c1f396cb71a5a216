package resolve

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

const smallestMesh = "apiVersion: " + v1alpha1.GroupVersion + ", kind: Mesh, metadata: {name: shop}, spec: {}"

// placeMeshes decides the namespace of each Mesh and finds the ones that are alone in theirs.
func (r *resolver) placeMeshes() {
	if len(r.documents.Meshes) == 0 {
		r.report(diag.Finding{
			Code: diag.NoMesh, Severity: diag.Info, Message: "the build has no Mesh, so nothing is generated",
			Try: "add a Mesh to it: " + smallestMesh,
		})
	}
	count := map[string]int{}
	for _, document := range r.documents.Meshes {
		namespace, ok := r.namespaceOf(document)
		if !ok {
			continue
		}
		count[namespace]++
		r.meshes = append(r.meshes, &mesh{Document: document, namespace: namespace})
	}
	slices.SortStableFunc(r.meshes, func(a, b *mesh) int {
		return cmp.Or(cmp.Compare(a.namespace, b.namespace), cmp.Compare(a.Value.Metadata.Name, b.Value.Metadata.Name))
	})
	for i, m := range r.meshes {
		m.only = count[m.namespace] == 1
		r.out.Meshes = append(r.out.Meshes, m.owner())
		if i > 0 && r.meshes[i-1].owner().String() == m.owner().String() {
			r.report(diag.Finding{
				Code: diag.DuplicateObject, Source: m.At("metadata.name"),
				Message: fmt.Sprintf("Mesh %q appears twice in the build", m.owner()),
				Related: []diag.Source{r.meshes[i-1].At("metadata.name")},
				Try:     "merge the two into one, or give them different names",
			})
		}
	}
}

// namespaceOf is the namespace a Mesh names, or the only one of the build.
func (r *resolver) namespaceOf(document *spec.Document[v1alpha1.Mesh]) (string, bool) {
	if document.Value.Metadata.Name == "" {
		r.report(diag.Finding{
			Code: diag.MissingField, Source: document.At("metadata"),
			Message: "the Mesh has no metadata.name, which generated objects refer to", Try: "metadata: {name: shop}",
		})
		return "", false
	}
	if document.Value.Metadata.Namespace != "" {
		return document.Value.Metadata.Namespace, true
	}
	used := r.facts.NamespacesInUse()
	switch len(used) {
	case 0:
		return "", true
	case 1:
		return used[0], true
	}
	r.report(diag.Finding{
		Code: diag.AmbiguousNamespace, Source: document.At("metadata"),
		Message: fmt.Sprintf("Mesh %q names no namespace, and the build has several: %s",
			document.Value.Metadata.Name, diag.OneOf(quoted(used))),
		Try: "metadata: {name: " + document.Value.Metadata.Name + ", namespace: " + cmp.Or(used[0], used[1]) + "}",
	})
	return "", false
}

// warnIdle finds Meshes that speak of nothing, as after a typing error in the namespace.
func (r *resolver) warnIdle() {
	busy := map[string]bool{}
	for i := range r.out.Services {
		busy[r.out.Services[i].Owner.String()] = true
	}
	for i := range r.out.Workloads {
		busy[r.out.Workloads[i].Owner.String()] = true
	}
	used := r.facts.NamespacesInUse()
	for _, m := range r.meshes {
		if !m.only || busy[m.owner().String()] || len(m.Value.Spec.Services)+len(m.Value.Spec.Workloads) > 0 {
			continue
		}
		idle := diag.Finding{
			Code: diag.CoversNothing, Severity: diag.Warning, Source: m.At("metadata"),
			Message: fmt.Sprintf("Mesh %q covers nothing: the build has Services and workloads in %s", m.owner(), diag.OneOf(quoted(used))),
			Try:     "correct metadata.namespace, or list what the Mesh is for",
		}
		if m.namespace != "" && r.someWithoutNamespace() { // A level above may put them into the one that the Mesh means.
			idle.Severity = diag.Error
		}
		r.report(r.beside(idle, m))
	}
}

// quoted makes an absent namespace visible in a list.
func quoted(names []string) []string {
	out := make([]string, 0, len(names))
	for _, name := range names {
		if name == "" {
			name = "(none)"
		}
		out = append(out, name)
	}
	return out
}
