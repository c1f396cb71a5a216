package check

import (
	"fmt"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// Renamed finds generated objects of a finished build whose Service or Gateway has another name by now. That happens when
// a level above the function adds a prefix: kustomize does not know that these fields hold names.
func Renamed(built []*item.Item) diag.List {
	present := map[diag.Resource]bool{}
	for _, it := range built {
		if it.Kind() == "Service" && it.Group() == "" || it.Kind() == "Gateway" && it.Group() == cluster.NetworkingGroup {
			present[diag.Resource{Kind: it.Kind(), Namespace: it.Namespace(), Name: it.Name()}] = true
		}
	}
	var findings diag.List
	for _, it := range built {
		if _, generated := it.Annotation(v1alpha1.SourceAnnotation); !generated {
			continue
		}
		for _, name := range namesIn(it) {
			if strings.Contains(name.Name, ".") || present[name] {
				continue
			}
			findings = append(findings, diag.Finding{
				Code: diag.NameLost, Source: diag.Source{Resource: it.Resource()},
				Message: fmt.Sprintf("it speaks of the %s %q, and the build has none of that name any more: a level above meshfn changed the names",
					name.Kind, name.Name),
				Try: "run meshfn in the outermost kustomization, or name the published schemas/kustomize-namereference.yaml " +
					"under configurations where the names change",
			})
		}
	}
	return findings
}

// namesIn lists the Services and Gateways that a generated object speaks of by their short names.
func namesIn(it *item.Item) []diag.Resource {
	var object struct {
		Spec struct {
			Host     string   `yaml:"host"`
			Hosts    []string `yaml:"hosts"`
			Gateways []string `yaml:"gateways"`
		} `yaml:"spec"`
	}
	if it.Group() != cluster.NetworkingGroup || it.Kind() != "DestinationRule" && it.Kind() != "VirtualService" {
		return nil
	}
	if node, err := it.Node(); err == nil {
		_ = node.Decode(&object) // What does not have the shape of its kind names nothing.
	}
	kind, list := "Service", object.Spec.Hosts
	switch {
	case it.Kind() == "DestinationRule":
		list = []string{object.Spec.Host}
	case len(object.Spec.Gateways) > 0:
		kind, list = "Gateway", object.Spec.Gateways
	}
	names := make([]diag.Resource, 0, len(list))
	for _, name := range list {
		names = append(names, diag.Resource{Kind: kind, Namespace: it.Namespace(), Name: name})
	}
	return names
}
