package check

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/manifest"
)

const networkingGroup = "networking.istio.io"

// conflicts finds objects of the user's that Istio would use instead of a generated one, or merge with it in no defined
// order.
func conflicts(set *manifest.Set, others []*item.Item) diag.List {
	var findings diag.List
	for _, other := range others {
		if other.Group() != networkingGroup {
			continue
		}
		for i := range set.Objects {
			object := &set.Objects[i]
			if object.Resource.Kind != other.Kind() {
				continue
			}
			if finding := conflict(object, other); finding != nil {
				findings = append(findings, *finding)
			}
		}
	}
	return findings
}

func conflict(object *manifest.Object, other *item.Item) *diag.Finding {
	if object.Resource.Name == other.Name() && object.Resource.Namespace == other.Namespace() {
		return &diag.Finding{
			Code: diag.NameTaken, Source: object.From,
			Message: fmt.Sprintf("the build already has a %s %q that is not generated, and this one would overwrite it", other.Kind(), other.Name()),
			Related: []diag.Source{other.Source("metadata.name")},
			Try:     keepOwn(object),
		}
	}
	host := sharedHost(object, other)
	if host == "" {
		return nil
	}
	return &diag.Finding{
		Code: diag.ForeignObject, Source: object.From,
		Message: fmt.Sprintf("%s %q of the build has the same host %q as the generated one, and Istio uses only one of them",
			other.Kind(), other.Name(), host),
		Related: []diag.Source{other.Source("spec")},
		Try:     keepOwn(object),
	}
}

// keepOwn says how to choose between the two.
func keepOwn(object *manifest.Object) string {
	switch object.Resource.Kind {
	case "VirtualService", "DestinationRule":
		return fmt.Sprintf("remove yours, or write manage: {%s: false} for the Service to keep it", object.Resource.Kind)
	}
	return "remove yours, or give it another name"
}

// sharedHost returns a host that both objects speak of in the same place: inside the mesh, or at the same gateway.
func sharedHost(object *manifest.Object, other *item.Item) string {
	spec, _ := object.Fields["spec"].(map[string]any)
	var mine, theirs []string
	switch object.Resource.Kind {
	case "VirtualService":
		if !sharesGateway(texts(spec["gateways"]), list(other.Lookup("spec", "gateways"))) {
			return ""
		}
		mine, theirs = texts(spec["hosts"]), list(other.Lookup("spec", "hosts"))
	case "DestinationRule":
		host, _ := spec["host"].(string)
		theirHost, _ := other.String("spec", "host")
		mine, theirs = []string{host}, []string{theirHost}
	default:
		return ""
	}
	for _, host := range mine {
		for _, theirHost := range theirs {
			if sameHost(host, object.Resource.Namespace, theirHost, other.Namespace()) {
				return theirHost
			}
		}
	}
	return ""
}

// sharesGateway compares where two sets of routes hold; without gateways that is inside the mesh.
func sharesGateway(mine, theirs []string) bool {
	inMesh := []string{"mesh"}
	if len(mine) == 0 {
		mine = inMesh
	}
	if len(theirs) == 0 {
		theirs = inMesh
	}
	return slices.ContainsFunc(mine, func(gateway string) bool { return slices.Contains(theirs, gateway) })
}

// sameHost compares two names of a Service, each as the namespace it is written in understands it. A name with a dot that
// is not one of a Service's longer forms is a host of its own.
func sameHost(a, namespaceA, b, namespaceB string) bool {
	return a == b && (namespaceA == namespaceB || strings.Contains(a, ".")) || short(a, namespaceA) == short(b, namespaceB)
}

// short is service.namespace for every way to name a Service.
func short(host, namespace string) string {
	parts := strings.Split(host, ".")
	switch {
	case len(parts) == 1:
		return host + "." + namespace
	case len(parts) == 2, parts[2] == "svc":
		return parts[0] + "." + parts[1]
	}
	return host
}

func texts(value any) []string {
	values, _ := value.([]any)
	var out []string
	for _, value := range values {
		if text, ok := value.(string); ok {
			out = append(out, text)
		}
	}
	return out
}

func list(node *yaml.Node) []string {
	if node == nil {
		return nil
	}
	var out []string
	for _, entry := range node.Content {
		out = append(out, entry.Value)
	}
	return out
}
