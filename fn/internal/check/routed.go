package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/manifest"
)

// routed is what decides whether two objects of one kind get in each other's way.
type routed struct {
	kind, namespace, name string
	hosts                 []string
	gateways              []string // of a VirtualService
	gateway               gateway  // of a Gateway
}

// gateway is where a Gateway object opens hosts.
type gateway struct {
	name     string // namespace/name
	selector map[string]string
	servers  []server
}

type server struct {
	port  string
	hosts []string
}

func fromManifest(object *manifest.Object) routed {
	spec, _ := object.Fields["spec"].(map[string]any)
	return routedOf(object.Resource.Kind, object.Resource.Namespace, object.Resource.Name, spec)
}

// fromItem reads an object of the user's. What does not have the shape of its kind is taken for absent: the cluster
// refuses it anyway.
func fromItem(it *item.Item) routed {
	var object struct {
		Spec map[string]any `yaml:"spec"`
	}
	if node, err := it.Node(); err == nil {
		_ = node.Decode(&object)
	}
	return routedOf(it.Kind(), it.Namespace(), it.Name(), object.Spec)
}

func routedOf(kind, namespace, name string, spec map[string]any) routed {
	out := routed{kind: kind, namespace: namespace, name: name}
	switch kind {
	case virtualService:
		out.hosts, out.gateways = texts(spec["hosts"]), texts(spec["gateways"])
	case destinationRule:
		if host, ok := spec["host"].(string); ok {
			out.hosts = []string{host}
		}
	case gatewayKind:
		out.gateway = gatewayOf(namespace+"/"+name, spec)
	}
	return out
}

func gatewayOf(name string, spec map[string]any) gateway {
	out := gateway{name: name, selector: map[string]string{}}
	selector, _ := spec["selector"].(map[string]any)
	for key, value := range selector {
		out.selector[key] = fmt.Sprint(value)
	}
	servers, _ := spec["servers"].([]any)
	for _, entry := range servers {
		fields, _ := entry.(map[string]any)
		port, _ := fields["port"].(map[string]any)
		one := server{port: fmt.Sprint(port["number"])}
		for _, host := range texts(fields["hosts"]) {
			one.hosts = append(one.hosts, host[strings.Index(host, "/")+1:])
		}
		out.servers = append(out.servers, one)
	}
	return out
}

// gatewaysOf lists every Gateway of the build, generated or not.
func gatewaysOf(set *manifest.Set, others []*item.Item) []gateway {
	var all []gateway
	for i := range set.Objects {
		if set.Objects[i].Resource.Kind == gatewayKind {
			all = append(all, fromManifest(&set.Objects[i]).gateway)
		}
	}
	for _, other := range others {
		if other.Group() == networkingGroup && other.Kind() == gatewayKind {
			all = append(all, fromItem(other).gateway)
		}
	}
	return all
}

// inMesh reports whether a VirtualService holds for callers inside the mesh, as it does when it names no gateway.
func (r routed) inMesh() bool { return len(r.gateways) == 0 || slices.Contains(r.gateways, "mesh") }

// atGateway reports whether a VirtualService holds at a gateway only.
func (r routed) atGateway() bool { return r.kind == virtualService && !r.inMesh() }

// sharesGateway reports whether two VirtualServices hold in the same place: inside the mesh, at the same Gateway, or at two
// Gateways that open a port of the same pods.
func sharesGateway(mine, theirs routed, known []gateway) bool {
	if mine.inMesh() && theirs.inMesh() {
		return true
	}
	for _, a := range mine.gateways {
		for _, b := range theirs.gateways {
			left, right := qualified(a, mine.namespace), qualified(b, theirs.namespace)
			if a != "mesh" && (left == right || samePort(left, right, known)) {
				return true
			}
		}
	}
	return false
}

// qualified is namespace/name for every way to name a Gateway.
func qualified(name, namespace string) string {
	if strings.Contains(name, "/") {
		return name
	}
	return namespace + "/" + name
}

func samePort(left, right string, known []gateway) bool {
	a := slices.IndexFunc(known, func(g gateway) bool { return g.name == left })
	b := slices.IndexFunc(known, func(g gateway) bool { return g.name == right })
	if a < 0 || b < 0 || !maps.Equal(known[a].selector, known[b].selector) {
		return false
	}
	return slices.ContainsFunc(known[a].servers, func(s server) bool {
		return slices.ContainsFunc(known[b].servers, func(other server) bool { return s.port == other.port })
	})
}

// sharedServer returns a host that two Gateways open on the same port of the same pods.
func sharedServer(mine, theirs gateway) (string, bool) {
	if !maps.Equal(mine.selector, theirs.selector) {
		return "", false
	}
	for _, a := range mine.servers {
		for _, b := range theirs.servers {
			for _, host := range a.hosts {
				if a.port == b.port && slices.Contains(b.hosts, host) {
					return host, true
				}
			}
		}
	}
	return "", false
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
