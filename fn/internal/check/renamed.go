package check

import (
	"fmt"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// renamed finds generated objects whose Service or Gateway has another name by now. That happens when a level above the
// function adds a prefix: kustomize does not know that these fields hold names. Of what may be a part of a build, it judges
// only objects that were renamed themselves.
func renamed(built []*item.Item, whole bool) diag.List {
	present := named(built)
	var findings diag.List
	for _, it := range built {
		if _, generated := it.Annotation(v1alpha1.SourceAnnotation); !generated {
			continue
		}
		for _, name := range namesIn(it) {
			if !name.within || present[name.Resource] || !whole && name.Name == it.Name() {
				continue
			}
			findings = append(findings, diag.Finding{
				Code: diag.NameLost, Source: placed(it, "spec", whole),
				Message: fmt.Sprintf("it speaks of the %s %q, and the build has none of that name any more: a level above meshfn changed the names",
					name.Kind, name.Name),
				Try: name.try(),
			})
		}
	}
	return findings
}

// named finds the Services and Gateways of a build.
func named(built []*item.Item) map[diag.Resource]bool {
	present := map[diag.Resource]bool{}
	for _, it := range built {
		if it.Kind() == "Service" && it.Group() == "" || it.Kind() == "Gateway" && it.Group() == cluster.NetworkingGroup {
			present[diag.Resource{Kind: it.Kind(), Namespace: it.Namespace(), Name: it.Name()}] = true
		}
	}
	return present
}

// namesIn lists the Services and Gateways that a generated object speaks of.
func namesIn(it *item.Item) []name {
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
	names := make([]name, 0, len(list))
	for _, text := range list {
		names = append(names, nameOf(kind, it.Namespace(), text))
	}
	return names
}

// name is an object of which another one speaks, as far as that can be one of its own namespace.
type name struct {
	diag.Resource
	within bool
	full   bool
}

// try says how the name can follow. Kustomize can change a name, but not a part of a text.
func (n name) try() string {
	if n.full {
		return "run meshfn in the outermost kustomization, or write hostnames: short in the MeshProfile"
	}
	return "run meshfn in the outermost kustomization, or name the published schemas/kustomize-namereference.yaml " +
		"under configurations where the names change"
}

// nameOf reads a short name, or the full name of a Service: its name, its namespace, svc and the domain of the cluster.
func nameOf(kind, namespace, text string) name {
	short, rest, full := strings.Cut(text, ".")
	return name{
		full:     full,
		Resource: diag.Resource{Kind: kind, Namespace: namespace, Name: short},
		within:   !full && !strings.Contains(text, "/") || kind == "Service" && strings.HasPrefix(rest, namespace+".svc."),
	}
}
