package check

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// renamedImports finds generated Sidecars whose Services have another name by now. A Sidecar takes only full names, which no
// nameReference can mend. A Service that is not there may live in another repository, so it counts only where the build has
// it with what was put around the name of the Sidecar too.
func renamedImports(built []*item.Item, whole bool) diag.List {
	present := named(built)
	var findings diag.List
	for _, it := range built {
		_, generated := it.Annotation(v1alpha1.SourceAnnotation)
		if !generated || it.Group() != cluster.NetworkingGroup || it.Kind() != "Sidecar" {
			continue
		}
		for _, service := range importedBy(it) {
			now, renamed := renamedTo(service, it.Name(), present)
			if !renamed {
				continue
			}
			findings = append(findings, diag.Finding{
				Code: diag.NameLost, Source: placed(it, "spec", whole),
				Message: fmt.Sprintf("it lets sidecars know the Service %q, which is called %q now: a level above meshfn changed the names",
					service.Name, now),
				Try: "run meshfn in the outermost kustomization",
			})
		}
	}
	return findings
}

// importedBy lists the Services that a Sidecar imports by their full names.
func importedBy(it *item.Item) []diag.Resource {
	var object struct {
		Spec struct {
			Egress []struct {
				Hosts []string `yaml:"hosts"`
			} `yaml:"egress"`
		} `yaml:"spec"`
	}
	if node, err := it.Node(); err == nil {
		_ = node.Decode(&object) // What does not have the shape of its kind imports nothing.
	}
	var services []diag.Resource
	for _, listener := range object.Spec.Egress {
		for _, host := range listener.Hosts {
			_, host, _ = strings.Cut(host, "/")
			name, rest, _ := strings.Cut(host, ".")
			if namespace, _, ok := strings.Cut(rest, ".svc."); ok {
				services = append(services, diag.Resource{Kind: "Service", Namespace: namespace, Name: name})
			}
		}
	}
	return services
}

// renamedTo finds a Service under the name that a prefix and suffix gave it, which they gave to the Sidecar too.
func renamedTo(service diag.Resource, sidecar string, present map[diag.Resource]bool) (string, bool) {
	if present[service] {
		return "", false
	}
	for _, other := range slices.SortedFunc(maps.Keys(present), compareNames) {
		before, after, within := strings.Cut(other.Name, service.Name)
		if other.Kind == "Service" && other.Namespace == service.Namespace && within && before+after != "" &&
			strings.HasPrefix(sidecar, before) && strings.HasSuffix(sidecar, after) {
			return other.Name, true
		}
	}
	return "", false
}

func compareNames(a, b diag.Resource) int {
	return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
}
