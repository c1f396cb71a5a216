package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/manifest"
)

const (
	networkingGroup = "networking.istio.io"
	virtualService  = "VirtualService"
	destinationRule = "DestinationRule"
	gatewayKind     = "Gateway"
	// sourceAnnotation marks what an earlier run generated.
	sourceAnnotation = "meshfn.dev/source"
)

// conflicts finds objects of the user's that Istio would use instead of a generated one, or merge with it in no defined
// order.
func conflicts(set *manifest.Set, others []*item.Item) diag.List {
	findings := sameName(set)
	gateways := gatewaysOf(set, others)
	for _, other := range others {
		if other.Group() != networkingGroup {
			continue
		}
		theirs := fromItem(other)
		var covered []string
		for i := range set.Objects {
			object := &set.Objects[i]
			if object.Resource.Kind != other.Kind() {
				continue
			}
			mine := fromManifest(object)
			if finding := conflict(object, other, mine, theirs, gateways); finding != nil {
				findings = append(findings, *finding)
			} else if host, ok := coveredHost(mine, theirs); ok {
				covered = append(covered, host)
			}
		}
		findings = append(findings, partial(other, covered)...)
	}
	return findings
}

// sameName finds generated objects that would overwrite each other, such as those of a-b.example.com and a.b.example.com.
func sameName(set *manifest.Set) diag.List {
	var findings diag.List
	first := map[diag.Resource]*manifest.Object{}
	for i := range set.Objects {
		object := &set.Objects[i]
		other, taken := first[object.Resource]
		if !taken {
			first[object.Resource] = object
			continue
		}
		if slices.ContainsFunc(findings, func(f diag.Finding) bool { return f.Source == object.From }) {
			continue // The Gateway and the VirtualService of a host have the same name.
		}
		findings = append(findings, diag.Finding{
			Code: diag.NameTaken, Source: object.From,
			Message: fmt.Sprintf("this needs a %s %q, and so does something else in the build", object.Resource.Kind, object.Resource.Name),
			Because: []string{"the name is made of the name of the Service, or of the gateway and the host with dashes for dots"},
			Related: []diag.Source{other.From},
			Try:     "keep one of the two, or give one of them another host",
		})
	}
	return findings
}

func conflict(object *manifest.Object, other *item.Item, mine, theirs routed, gateways []gateway) *diag.Finding {
	host, shared := "", false
	switch object.Resource.Kind {
	case gatewayKind:
		host, shared = sharedServer(mine.gateway, theirs.gateway)
	case virtualService:
		if sharesGateway(mine, theirs, gateways) {
			host, shared = sharedHost(mine, theirs)
		}
	default:
		host, shared = sharedHost(mine, theirs)
	}
	if object.Resource.Name == other.Name() && object.Resource.Namespace == other.Namespace() {
		return nameTaken(object, other, shared)
	}
	if !shared {
		return nil
	}
	return &diag.Finding{
		Code: diag.ForeignObject, Source: object.From,
		Message: fmt.Sprintf("%s %q of the build has the same host %q as the generated one, and %s", other.Kind(), other.Name(), host, consequence(mine)),
		Related: []diag.Source{other.Source("spec")},
		Try:     keepOwn(mine),
	}
}

// nameTaken refuses to overwrite what is not ours. It may also be ours, of a Mesh that has another name now.
func nameTaken(object *manifest.Object, other *item.Item, sameHost bool) *diag.Finding {
	finding := &diag.Finding{
		Code: diag.NameTaken, Source: object.From,
		Message: fmt.Sprintf("the build already has a %s %q that is not generated, and this one would overwrite it", other.Kind(), other.Name()),
		Related: []diag.Source{other.Source("metadata.name")},
		Try:     "give yours another name",
	}
	if sameHost {
		finding.Try = keepOwn(fromManifest(object))
	}
	if source, ok := other.Annotation(sourceAnnotation); ok {
		finding.Message = fmt.Sprintf("the build already has a %s %q, generated from Mesh %q, which is not in this build", other.Kind(), other.Name(), source)
		finding.Try = "remove it, if that Mesh is gone or has another name now"
	}
	return finding
}

// consequence is what Istio does with two objects for one host.
func consequence(mine routed) string {
	switch {
	case mine.kind == gatewayKind:
		return "both open it on the same port of the same pods"
	case mine.atGateway():
		return "Istio merges their routes in no defined order"
	}
	return "Istio uses only one of them"
}

// keepOwn says how to choose between the two.
func keepOwn(mine routed) string {
	if mine.kind == gatewayKind || mine.atGateway() {
		return "remove yours, or the host from expose"
	}
	return fmt.Sprintf("remove yours, or write manage: {%s: false} for the Service to keep it", mine.kind)
}

// partial says that an object of the user's with a wildcard no longer holds for the hosts that have a generated object:
// Istio takes the most specific one and merges nothing.
func partial(other *item.Item, covered []string) diag.List {
	if len(covered) == 0 {
		return nil
	}
	slices.Sort(covered)
	return diag.List{{
		Code: diag.ForeignObject, Severity: diag.Warning, Source: other.Source("spec"),
		Message: fmt.Sprintf("%s %q also covers hosts that have a generated one (%s), and Istio does not merge the two: callers get one or the other",
			other.Kind(), other.Name(), diag.OneOf(covered)),
		Because: []string{"Istio takes the most specific host: https://istio.io/latest/docs/ops/best-practices/traffic-management/#cross-namespace-configuration"},
		Try:     "narrow its host, or write for these hosts what it says",
	}}
}

// sharedHost returns a host that both objects speak of.
func sharedHost(mine, theirs routed) (string, bool) {
	for _, host := range mine.hosts {
		for _, theirHost := range theirs.hosts {
			if sameHost(host, mine.namespace, theirHost, theirs.namespace) {
				return theirHost, true
			}
		}
	}
	return "", false
}

// coveredHost returns a host of a generated object inside the mesh that a wildcard of the other one takes in.
func coveredHost(mine, theirs routed) (string, bool) {
	if mine.kind == gatewayKind || mine.atGateway() || theirs.kind == virtualService && !theirs.inMesh() {
		return "", false
	}
	for _, host := range mine.hosts {
		for _, theirHost := range theirs.hosts {
			if suffix, wild := strings.CutPrefix(theirHost, "*"); wild && strings.HasSuffix(full(host, mine.namespace, suffix), suffix) {
				return host, true
			}
		}
	}
	return "", false
}

// full is the full name of a Service, with the DNS suffix that the other name has too.
func full(host, namespace, other string) string {
	domain := "cluster.local"
	for _, name := range []string{other, host} {
		if _, after, ok := strings.Cut(name, ".svc."); ok {
			domain = after
		}
	}
	return short(host, namespace) + ".svc." + domain
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
