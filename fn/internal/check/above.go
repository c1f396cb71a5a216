package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// Above finds what a kustomization above the function has changed in what was generated. The function could not know, and
// kustomize itself has no second look. The whole build is there, or what may be a part of it.
func Above(built []*item.Item, whole bool) diag.List {
	return slices.Concat(renamed(built, whole), renamedImports(built, whole), moved(built, whole), movedAway(built, whole))
}

// moved finds Meshes whose generated objects are all in another namespace than the one they were generated for. A level
// above the function sets it, and what the profile says about that namespace was never looked at.
func moved(built []*item.Item, whole bool) diag.List {
	namespaces := map[string]map[string]bool{} // of the objects, by their source
	first := map[string]*item.Item{}
	for _, it := range built {
		source, generated := it.Annotation(v1alpha1.SourceAnnotation)
		if !generated || !strings.Contains(source, "/") {
			continue // A Mesh without a namespace was expanded without one, and nothing depended on it.
		}
		if namespaces[source] == nil {
			namespaces[source], first[source] = map[string]bool{}, it
		}
		namespaces[source][it.Namespace()] = true
	}
	var findings diag.List
	for _, source := range slices.Sorted(maps.Keys(namespaces)) {
		namespace, mesh, _ := strings.Cut(source, "/")
		if namespaces[source][namespace] {
			continue
		}
		findings = append(findings, diag.Finding{
			Code: diag.NamespaceLost, Source: placed(first[source], "metadata.namespace", whole),
			Message: fmt.Sprintf("what Mesh %q generates was decided for namespace %q, and is in %q now: a level above meshfn changed the namespace",
				mesh, namespace, first[source].Namespace()),
			Try: "run meshfn in the outermost kustomization, the one that sets the namespace",
		})
	}
	return findings
}

// movedAway finds generated objects that are not beside the gateway any more whose pods they are for. Those of the Mesh may
// be where they were, so that nothing else shows it, and the gateway lets everybody in.
func movedAway(built []*item.Item, whole bool) diag.List {
	var findings diag.List
	for _, it := range built {
		source, generated := it.Annotation(v1alpha1.SourceAnnotation)
		namespace, beside := it.Annotation(v1alpha1.NamespaceAnnotation)
		if !generated || !beside || it.Namespace() == namespace {
			continue
		}
		findings = append(findings, diag.Finding{
			Code: diag.NamespaceLost, Source: placed(it, "metadata.namespace", whole),
			Message: fmt.Sprintf("%s of Mesh %q is for the pods of a gateway in namespace %q, and is in %q now, where it guards nothing: a level above meshfn changed the namespace",
				it.Resource().Kind, source, namespace, it.Namespace()),
			Try: "run meshfn in the outermost kustomization, the one that sets the namespace",
		})
	}
	return findings
}

// placed is where an object is. Kustomize prints a whole build, of which no file has the lines.
func placed(it *item.Item, field string, whole bool) diag.Source {
	if whole {
		return diag.Source{Resource: it.Resource()}
	}
	return it.Source(field)
}
